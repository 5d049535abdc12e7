import { isJsonObject, type JsonObject, parseJson } from '../../json.ts';
import { tenant } from '../tenant.ts';
import { checkClientId, checkTenant, missingParameter, refuse, type TokenRefusal } from '../token-refusal.ts';
import { isRegisteredRedirectUri } from './redirect-uri.ts';
import { readSelfScope } from './self-scope.ts';
import type { CodeGrant } from './sign-in.ts';

/** A sign-in that an app asks for, in order; only the person is missing. */
export interface AuthorizeRequest extends Omit<CodeGrant, 'oid'> {
  readonly loginHint: string | undefined;
  readonly prompt: string | undefined;
}

/** Where an answer goes back to, once it is known to be the app's own address. */
export interface ReturnAddress {
  readonly redirectUri: string;
  readonly mode: 'query' | 'fragment';
  readonly state: string | undefined;
}

/** What fails before the app's address is certain is shown to the person; what fails after goes to the app. */
export type AuthorizeVerdict =
  | { readonly on: 'page'; readonly refusal: TokenRefusal }
  | { readonly on: 'redirect'; readonly to: ReturnAddress; readonly refusal: TokenRefusal }
  | { readonly on: 'sign-in'; readonly to: ReturnAddress; readonly request: AuthorizeRequest };

/** Holds the parameters of `/authorize` against what Entra wants. */
export function readAuthorizeRequest(tenantId: string, fields: ReadonlyMap<string, string>): AuthorizeVerdict {
  const onPage = (refusal: TokenRefusal): AuthorizeVerdict => ({ on: 'page', refusal });
  const unknown = checkTenant(tenantId) ?? checkClientId(fields.get('client_id'));
  if (unknown !== undefined) return onPage(unknown);
  const redirectUri = fields.get('redirect_uri');
  if (redirectUri === undefined) return onPage(missingParameter('redirect_uri'));
  if (!isRegisteredRedirectUri(redirectUri)) return onPage(wrongRedirectUri(redirectUri));
  const mode = fields.get('response_mode') ?? 'query';
  if (mode !== 'query' && mode !== 'fragment') {
    return onPage(refuse(70007, 'unsupported_response_mode', `'${mode}' is not a supported value of 'response_mode'.`));
  }
  const to: ReturnAddress = { redirectUri, mode, state: fields.get('state') };
  const request = readRequest(redirectUri, fields);
  return 'code' in request ? { on: 'redirect', to, refusal: request } : { on: 'sign-in', to, request };
}

function readRequest(redirectUri: string, fields: ReadonlyMap<string, string>): AuthorizeRequest | TokenRefusal {
  const [type, scopeText] = [fields.get('response_type'), fields.get('scope')];
  if (type === undefined) return missingParameter('response_type');
  if (type !== 'code') {
    return refuse(
      700054,
      'unsupported_response_type',
      `response_type '${type}' is not enabled for the application '${tenant.clientId}'.`,
    );
  }
  if (scopeText === undefined) return missingParameter('scope');
  const scope = readSelfScope(scopeText);
  if ('code' in scope) return scope;
  const claims = readClaims(fields.get('claims'));
  if (claims === undefined) return refuse(50148, 'invalid_request', 'The claims parameter is not valid JSON.');
  const challenge = readChallenge(fields);
  if (challenge !== undefined && 'code' in challenge) return challenge;
  const prompt = fields.get('prompt');
  if (prompt === 'none') {
    return refuse(
      50058,
      'login_required',
      'A silent sign-in request was sent but no user is signed in. Send an interactive authorization request.',
    );
  }
  if (prompt !== undefined && !['login', 'select_account', 'consent'].includes(prompt)) {
    return refuse(90023, 'invalid_request', `Unsupported 'prompt' value '${prompt}'.`);
  }
  const [nonce, loginHint] = [fields.get('nonce'), fields.get('login_hint')];
  return { clientId: tenant.clientId, redirectUri, scope, claims, nonce, challenge, loginHint, prompt };
}

function readClaims(text: string | undefined): JsonObject | undefined {
  if (text === undefined) return {};
  const claims = parseJson(text);
  return isJsonObject(claims) ? claims : undefined;
}

/** RFC 7636: without a method the challenge is the verifier itself. */
function readChallenge(fields: ReadonlyMap<string, string>): CodeGrant['challenge'] | TokenRefusal {
  const [text, method = 'plain'] = [fields.get('code_challenge'), fields.get('code_challenge_method')];
  if (text === undefined) return undefined;
  if (method !== 'S256' && method !== 'plain') {
    return refuse(50149, 'invalid_request', `Invalid Code_Challenge_method parameter '${method}'.`);
  }
  return /^[\w.~-]{43,128}$/.test(text)
    ? { text, method }
    : refuse(501491, 'invalid_request', 'Invalid size of Code_Challenge parameter.');
}

const wrongRedirectUri = (uri: string): TokenRefusal =>
  refuse(
    50011,
    'invalid_request',
    `The redirect URI '${uri}' specified in the request does not match the redirect URIs configured for the application '${tenant.clientId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error.`,
  );
