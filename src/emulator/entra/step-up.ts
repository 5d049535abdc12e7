import { containsJson, isJsonObject, type JsonObject, parseJson } from '../json.ts';
import { refuse, type TokenRefusal } from './token-refusal.ts';

/** How a demand is worded. Default 50076 (multi-factor authentication) with suberror `basic_action`. */
export interface StepUpWording {
  suberror?: string;
  code?: number;
}

/** Which users must show claims before they get a token: conditional access. */
export interface StepUp {
  require(oid: string, claims: string, wording?: StepUpWording): void;
  /** The refusal for a user whose request does not ask for the demanded claims, and whose own token does not hold them. */
  check(oid: string, requestedClaims: unknown, assertion: JsonObject): TokenRefusal | undefined;
  clear(): void;
}

/** Users with a demand at one time; more than any test has. */
const MOST_USERS = 10_000;

/** Nobody has to step up yet. */
export function createStepUp(): StepUp {
  const demands = new Map<string, { claims: string; wording: StepUpWording }>();
  return {
    require(oid, claims, wording = {}) {
      if (parseJson(claims) === undefined) throw new TypeError('claims must be JSON text');
      if (demands.size >= MOST_USERS) throw new RangeError(`more than ${MOST_USERS} users with demands`);
      demands.set(oid, { claims, wording });
    },
    check(oid, requestedClaims, { satisfied_claims: met = {} }) {
      const demand = demands.get(oid);
      if (demand === undefined) return undefined;
      const wanted = parseJson(demand.claims);
      if (containsJson(requestedClaims, wanted)) return undefined;
      if (isJsonObject(wanted) && 'access_token' in wanted && containsJson(met, wanted.access_token)) return undefined;
      return refuse(
        demand.wording.code ?? 50076,
        'invalid_grant',
        'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
        { suberror: demand.wording.suberror ?? 'basic_action', claims: demand.claims },
      );
    },
    clear: () => demands.clear(),
  };
}
