import { compactVerify } from 'jose';
import type { JsonObject } from '../json.ts';
import { issuer } from './caller-token.ts';
import { isWithinValidity, readJws, textClaim } from './jws.ts';
import type { SigningKeys } from './signing-keys.ts';
import { tenant } from './tenant.ts';
import { refuse, type TokenRefusal } from './token-refusal.ts';

/** The user in whose name a token is asked for. */
export interface AssertedUser {
  readonly oid: string;
  readonly claims: JsonObject;
}

/** Checks the token that the middle tier presents for its caller, in Entra's order. */
export async function checkUserAssertion(
  assertion: string,
  { origin, keys, nowSeconds }: { origin: string; keys: SigningKeys; nowSeconds: number },
): Promise<AssertedUser | TokenRefusal> {
  const jws = readJws(assertion);
  if (jws === undefined) return refuse(50027, 'invalid_request', 'JWT token is invalid or malformed.');
  const { claims } = jws;
  if (!(await isSigned(assertion, keys, textClaim(jws.header, 'kid')))) {
    return refuse(50013, 'invalid_grant', 'Assertion failed signature validation. [Reason - The key was not found.]');
  }
  if (claims.tid !== tenant.id || claims.iss !== issuer(origin, tenant.id, String(claims.ver))) {
    return refuse(50013, 'invalid_grant', 'Assertion contains an invalid issuer.');
  }
  if (!isWithinValidity(claims, nowSeconds)) {
    return refuse(
      500133,
      'invalid_grant',
      'Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token.',
    );
  }
  if (claims.aud !== tenant.clientId && claims.aud !== `api://${tenant.clientId}`) {
    return refuse(
      500131,
      'invalid_grant',
      'Assertion audience does not match the Client app presenting the assertion. The audience in the assertion and the app presenting it must be the same.',
    );
  }
  if (textClaim(claims, 'scp') === undefined || claims.idtyp === 'app') return notDelegated(claims);
  const oid = textClaim(claims, 'oid');
  return oid === undefined ? refuse(50027, 'invalid_request', 'JWT token is invalid or malformed.') : { oid, claims };
}

/** An id token names no calling app; an app-only access token does. */
function notDelegated({ azp, appid }: JsonObject): TokenRefusal {
  return azp === undefined && appid === undefined
    ? refuse(
        240002,
        'invalid_request',
        "Input id_token cannot be used as 'urn:ietf:params:oauth:grant-type:jwt-bearer' grant.",
      )
    : refuse(
        7000114,
        'invalid_grant',
        `Application '${tenant.clientId}' is not allowed to make application on-behalf-of calls.`,
      );
}

async function isSigned(assertion: string, keys: SigningKeys, kid: string | undefined): Promise<boolean> {
  const key = keys.find(kid);
  if (key === undefined) return false;
  try {
    await compactVerify(assertion, key, { algorithms: ['RS256'] });
    return true;
  } catch {
    return false;
  }
}
