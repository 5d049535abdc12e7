import { isJsonObject, type JsonObject } from '../json.ts';

/**
 * What a token holds of the `claims` (parsed) that were asked for with it. `satisfied_claims` is not Entra's: it keeps
 * the demand word for word, so that who made it sees it met, whatever it was.
 */
export function satisfiedClaims(requested: unknown): JsonObject {
  const asked = isJsonObject(requested) && isJsonObject(requested.access_token) ? requested.access_token : {};
  const { xms_cc: capabilities, ...others } = asked;
  const values = valuesOf(capabilities);
  return {
    ...(values.length === 0 ? {} : { xms_cc: values }),
    ...(Object.keys(others).length === 0 ? {} : { satisfied_claims: others }),
  };
}

/** The authentication contexts (`acrs`) that `claims` ask for: a person who signs in has met them. */
export function authenticationContexts(requested: unknown): unknown[] {
  const asked = isJsonObject(requested) && isJsonObject(requested.access_token) ? requested.access_token.acrs : {};
  return valuesOf(asked);
}

/** OpenID Connect, 5.5.1: a claim is asked for with one `value`, or with several `values`. */
function valuesOf(claim: unknown): unknown[] {
  if (!isJsonObject(claim)) return [];
  return Array.isArray(claim.values) ? claim.values : claim.value === undefined ? [] : [claim.value];
}
