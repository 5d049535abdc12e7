import { createHash } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import type { TokenForm } from '../token-form.ts';
import { missingParameter, refuse, type TokenRefusal } from '../token-refusal.ts';
import { asksForItself, readSelfScope, type SelfScope } from './self-scope.ts';
import type { CodeGrant, SignIn } from './sign-in.ts';
import { type SignInTokens, signInTokens } from './sign-in-tokens.ts';
import type { TicketStore } from './ticket-store.ts';

/** What signing in leaves behind. */
export interface SignIns {
  readonly codes: TicketStore<CodeGrant>;
  readonly refreshTokens: TicketStore<SignIn>;
}

/** `grant_type=authorization_code`, of a client that has proved itself. A code is used up by the first success only. */
export function redeemCode(form: TokenForm, scene: SignIns & SignInTokens): TokenRefusal | { tokens: JsonObject } {
  const [code, redirectUri] = [form.get('code'), form.get('redirect_uri')];
  if (code === undefined) return missingParameter('code');
  if (redirectUri === undefined) return missingParameter('redirect_uri');
  const grant = scene.codes.look(code);
  if (grant === 'unknown') return expired();
  if (grant === 'used') {
    return refuse(
      54005,
      'invalid_grant',
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    );
  }
  if (redirectUri !== grant.redirectUri) {
    return refuse(
      500112,
      'invalid_client',
      `The reply address '${redirectUri}' does not match the reply address '${grant.redirectUri}' provided when requesting Authorization code.`,
    );
  }
  if (!verifies(form.get('code_verifier'), grant.challenge)) {
    return refuse(
      501481,
      'invalid_grant',
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    );
  }
  const scope = narrowed(form.get('scope'), grant.scope);
  if ('code' in scope) return scope;
  scene.codes.use(code);
  return answer({ ...grant, scope }, grant.nonce, form, scene);
}

/** `grant_type=refresh_token`. Without a scope Entra takes the app for one that asks for itself by its address: 90009. */
export function refresh(form: TokenForm, scene: SignIns & SignInTokens): TokenRefusal | { tokens: JsonObject } {
  const [token, scopeText] = [form.get('refresh_token'), form.get('scope')];
  if (token === undefined) return missingParameter('refresh_token');
  const signIn = scene.refreshTokens.look(token);
  if (signIn === 'unknown' || signIn === 'used') return expired();
  if (scopeText === undefined) return asksForItself();
  const scope = narrowed(scopeText, signIn.scope);
  if ('code' in scope) return scope;
  // The right to refresh stays, whether or not the request names it again.
  return answer({ ...signIn, scope: { ...scope, offlineAccess: true } }, undefined, form, scene);
}

function answer(
  signIn: SignIn,
  nonce: string | undefined,
  form: TokenForm,
  scene: SignIns & SignInTokens,
): { tokens: JsonObject } {
  const refreshToken = signIn.scope.offlineAccess ? scene.refreshTokens.issue(signIn) : undefined;
  const wantsClientInfo = form.get('client_info') === '1';
  return { tokens: signInTokens({ signIn, nonce, refreshToken, wantsClientInfo }, scene) };
}

/** The scope of a token request: what was asked for before, or less of it. */
function narrowed(text: string | undefined, granted: SelfScope): SelfScope | TokenRefusal {
  if (text === undefined) return granted;
  const scope = readSelfScope(text);
  return 'code' in scope ? scope : { ...scope, offlineAccess: scope.offlineAccess && granted.offlineAccess };
}

function verifies(verifier: string | undefined, challenge: CodeGrant['challenge']): boolean {
  if (challenge === undefined) return verifier === undefined;
  if (verifier === undefined || !/^[\w.~-]{43,128}$/.test(verifier)) return false;
  const seen = challenge.method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  return seen === challenge.text;
}

const expired = (): TokenRefusal =>
  refuse(
    70008,
    'invalid_grant',
    'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  );
