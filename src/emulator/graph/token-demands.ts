import { containsJson, isJsonObject, type JsonObject, parseJson } from '../json.ts';

/** What Graph demands of tokens beyond their being valid: continuous access evaluation. */
export interface TokenDemands {
  requireClaims(claims: string | undefined, options?: { oid?: string; at?: 'envelope' | 'entry' }): void;
  rejectTokensIssuedBefore(date: Date | number): void;
  /** The claims (JSON text) that the token lacks at this place. */
  missingClaims(token: JsonObject, at: 'envelope' | 'entry' | 'single'): string | undefined;
  isRevoked(token: JsonObject): boolean;
  clear(): void;
}

/** Users with a demand of their own; more than any test has. */
const MOST_USERS = 10_000;

/** No demands yet. */
export function createTokenDemands(): TokenDemands {
  const everyone = '';
  const demands = new Map<string, { claims: string; at: 'envelope' | 'entry' }>();
  let revokedBefore = Number.NEGATIVE_INFINITY;
  return {
    requireClaims(claims, { oid = everyone, at = 'envelope' } = {}) {
      if (claims === undefined) {
        if (oid === everyone) demands.clear();
        demands.delete(oid);
        return;
      }
      const parsed = parseJson(claims);
      if (!isJsonObject(parsed) || !isJsonObject(parsed.access_token)) {
        throw new TypeError('claims must be JSON text with the key access_token');
      }
      if (demands.size >= MOST_USERS) throw new RangeError(`more than ${MOST_USERS} users with demands`);
      demands.set(oid, { claims, at });
    },
    rejectTokensIssuedBefore(date) {
      revokedBefore = Number(date);
    },
    missingClaims(token, at) {
      const demand = demands.get(String(token.oid)) ?? demands.get(everyone);
      if (demand === undefined || (at !== 'single' && at !== demand.at)) return undefined;
      const { access_token: wanted } = parseJson(demand.claims) as JsonObject;
      return containsJson(token.satisfied_claims ?? {}, wanted) ? undefined : demand.claims;
    },
    isRevoked: ({ issued_ms, iat }) => Number(issued_ms ?? Number(iat) * 1_000) < revokedBefore,
    clear() {
      demands.clear();
      revokedBefore = Number.NEGATIVE_INFINITY;
    },
  };
}
