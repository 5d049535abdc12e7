import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import { issuer } from './caller-token.ts';
import type { SigningKeys } from './signing-keys.ts';
import { tenant } from './tenant.ts';
import type { TokenForm } from './token-form.ts';
import { missingParameter, refuse, type TokenRefusal } from './token-refusal.ts';

/**
 * The client-credentials grant: a token of the app's own. Entra gives it to whoever proves to be the app, also to one
 * that may do nothing with it: it then holds no roles. Only `.default` of a resource in the tenant can be asked for.
 */
export function appToken(
  form: TokenForm,
  endpoint: { resource: string; origin: string; keys: SigningKeys; now: number; lifetimeSeconds: number },
  appidacr: string,
): TokenRefusal | { tokens: JsonObject } {
  const { resource, origin, keys, now, lifetimeSeconds: expires_in } = endpoint;
  const scope = form.get('scope');
  if (scope === undefined) return missingParameter('scope');
  // MSAL adds the scopes of OpenID Connect to whatever it asks for.
  const [asked = '', ...others] = scope
    .split(/\s+/)
    .filter((one) => !['openid', 'profile', 'offline_access'].includes(one));
  if (others.length > 0 || !asked.endsWith('/.default')) {
    return refuse(
      1002012,
      'invalid_scope',
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.`,
    );
  }
  if (asked !== `${resource}/.default`) {
    return refuse(
      500011,
      'invalid_resource',
      `The resource principal named ${asked.slice(0, -'/.default'.length)} was not found in the tenant named ${tenant.id}.`,
    );
  }
  const iat = Math.floor(now / 1_000);
  const access_token = keys.sign({
    aud: resource,
    iss: issuer(origin, tenant.id, '1.0'),
    ver: '1.0',
    iat,
    nbf: iat,
    exp: iat + expires_in,
    appid: tenant.clientId,
    appidacr,
    idtyp: 'app',
    tid: tenant.id,
    uti: randomBytes(16).toString('base64url'),
  });
  return { tokens: { token_type: 'Bearer', expires_in, ext_expires_in: expires_in, access_token } };
}
