import { GatewayError } from '../../errors.ts';

export const exchangeFailureReasons = [
  'consent_required',
  'mfa_required',
  'conditional_access',
  'login_required',
  'interaction_required',
  'token_refused',
  'forbidden',
  'throttled',
  'unavailable',
  'timeout',
  'misconfigured',
  'other',
] as const;

/** Why an exchange failed, in a word of a closed set: an expired secret is the operator's, MFA the person's. */
export type ExchangeFailureReason = (typeof exchangeFailureReasons)[number];

export function exchangeFailureReason(failure: unknown): ExchangeFailureReason {
  if (!(failure instanceof GatewayError)) return 'other';
  switch (failure.code) {
    case 'INTERACTION_REQUIRED':
      return exchangeFailureReasons.find((reason) => reason === failure.details.reason) ?? 'interaction_required';
    case 'UNAUTHENTICATED':
      return 'token_refused';
    case 'FORBIDDEN':
      return 'forbidden';
    case 'THROTTLED':
      return 'throttled';
    case 'UPSTREAM_UNAVAILABLE':
      return 'unavailable';
    case 'UPSTREAM_TIMEOUT':
      return 'timeout';
    case 'INTERNAL_SERVER_ERROR':
      return 'misconfigured';
    default:
      return 'other';
  }
}
