import type { Answer } from '../http/outcome.ts';
import { type JsonObject, parseJson } from '../json.ts';
import { appToken } from './app-token.ts';
import type { CertificateStore } from './client-proof/certificate-store.ts';
import { checkClientCredential } from './client-proof/client-credential.ts';
import type { FederatedStore } from './client-proof/federated-store.ts';
import { exchangedTokens } from './exchanged-tokens.ts';
import { grantScope } from './scope.ts';
import { redeemCode, refresh, type SignIns } from './sign-in/redeem.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { StepUp } from './step-up.ts';
import { tenant } from './tenant.ts';
import type { TokenForm } from './token-form.ts';
import {
  checkClientId,
  checkTenant,
  missingParameter,
  refusalAnswer,
  refuse,
  type TokenRefusal,
} from './token-refusal.ts';
import { checkUserAssertion } from './user-assertion.ts';

const ON_BEHALF_OF_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** What the token endpoint knows and holds a request against. */
export interface TokenEndpoint {
  readonly origin: string;
  readonly clientSecret: string;
  readonly certificates: CertificateStore;
  readonly federated: FederatedStore;
  readonly keys: SigningKeys;
  readonly stepUp: StepUp;
  readonly signIns: SignIns;
  /** Graph's origin: the only resource in the tenant. */
  readonly resource: string;
  readonly consented: readonly string[];
  readonly lifetimeSeconds: number;
  readonly now: number;
}

/** Answers a token request: its grant's tokens or, in Entra's order of checks, why not. */
export async function answerTokenRequest(tenantId: string, form: TokenForm, endpoint: TokenEndpoint): Promise<Answer> {
  const outcome = await grantTokens(tenantId, form, endpoint);
  if ('code' in outcome) {
    return refusalAnswer(outcome, { ...endpoint, correlationId: form.get('client-request-id') });
  }
  return { status: 200, headers: {}, body: outcome.tokens };
}

async function grantTokens(
  tenantId: string,
  form: TokenForm,
  endpoint: TokenEndpoint,
): Promise<TokenRefusal | { tokens: JsonObject }> {
  const { origin, now } = endpoint;
  const nowSeconds = Math.floor(now / 1_000);
  const badRequest = checkTenant(tenantId) ?? checkGrant(form) ?? checkClientId(clientIdOf(form));
  if (badRequest !== undefined) return badRequest;
  const badClient = await checkClientCredential(form, {
    ...endpoint,
    clientId: tenant.clientId,
    audiences: [`${origin}/${tenant.id}/oauth2/v2.0/token`, `${origin}/${tenant.id}/v2.0`],
    nowSeconds,
  });
  if (badClient !== undefined) return badClient;
  const azpacr = form.get('client_assertion') === undefined ? '1' : '2';
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return redeemCode(form, { ...endpoint, ...endpoint.signIns, azpacr });
    case 'refresh_token':
      return refresh(form, { ...endpoint, ...endpoint.signIns, azpacr });
    case 'client_credentials':
      return appToken(form, endpoint, azpacr);
    default:
      return exchange(form, endpoint, nowSeconds);
  }
}

/** The on-behalf-of exchange. */
async function exchange(
  form: TokenForm,
  endpoint: TokenEndpoint,
  nowSeconds: number,
): Promise<TokenRefusal | { tokens: JsonObject }> {
  const scopeField = form.get('scope');
  if (scopeField === undefined) return missingParameter('scope');
  const scope = grantScope(scopeField, { ...endpoint, tenantId: tenant.id });
  if ('code' in scope) return scope;
  const assertion = form.get('assertion');
  if (assertion === undefined) return missingParameter('assertion');
  const user = await checkUserAssertion(assertion, { ...endpoint, nowSeconds });
  if ('code' in user) return user;
  const requestedClaims = parseJson(form.get('claims') ?? '{}');
  if (requestedClaims === undefined) {
    return refuse(50148, 'invalid_request', 'The claims parameter is not valid JSON.');
  }
  const wantsClientInfo = form.get('client_info') === '1';
  const demanded = endpoint.stepUp.check(user.oid, requestedClaims, user.claims);
  return demanded ?? { tokens: exchangedTokens({ ...endpoint, user, scope, requestedClaims, wantsClientInfo }) };
}

function checkGrant(form: TokenForm): TokenRefusal | undefined {
  const grant = form.get('grant_type');
  if (grant === undefined) return missingParameter('grant_type');
  if (['authorization_code', 'refresh_token', 'client_credentials'].includes(grant)) return undefined;
  if (grant !== ON_BEHALF_OF_GRANT) {
    return refuse(70003, 'unsupported_grant_type', `The app requested an unsupported grant type '${grant}'.`);
  }
  const use = form.get('requested_token_use');
  if (use === undefined) return missingParameter('requested_token_use');
  return use === 'on_behalf_of'
    ? undefined
    : refuse(70003, 'unsupported_grant_type', `The app requested an unsupported use '${use}' of the grant.`);
}

const clientIdOf = (form: TokenForm): string | undefined => form.get('client_id') ?? form.basic?.clientId;
