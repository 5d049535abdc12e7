// #region types
export type GatewayErrorCode =
  | 'UNAUTHENTICATED'
  | 'INTERACTION_REQUIRED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'THROTTLED'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_TIMEOUT'
  | 'RATE_LIMITED'
  | 'OVERLOADED'
  | 'INTERNAL_SERVER_ERROR'
  | 'BAD_REQUEST';

export type Outcome = 'NOT_APPLIED' | 'APPLIED' | 'UNKNOWN';

/** `extensions` of an error of the gateway. */
export interface GatewayErrorExtensions {
  /** One of the list, or one of Apollo's own for a wrong document, such as GRAPHQL_VALIDATION_FAILED. */
  readonly code?: GatewayErrorCode | (string & {});
  /** What became of an update, a create or a delete that failed. Not there when nothing ran, and not for reads. */
  readonly outcome?: Outcome;
  readonly retryAfterSeconds?: number;
  /** With INTERACTION_REQUIRED: why, such as mfa_required. */
  readonly reason?: string;
  /** With INTERACTION_REQUIRED: what the next token request must ask for. JSON text, used as it is. */
  readonly claims?: string;
  /** What a Microsoft support case asks for. */
  readonly graph?: {
    readonly status: number | null;
    readonly code: string | null;
    readonly requestId: string | null;
    readonly clientRequestId: string | null;
    readonly date: string | null;
  };
}
// #endregion

// #region next-step
export type NextStep =
  | { readonly step: 'send again'; readonly afterSeconds: number }
  | { readonly step: 'read first' }
  | { readonly step: 'sign in' }
  | { readonly step: 'tell the person' };

/** What to do about an error. Also for a read: without an outcome, sending again changes nothing. */
export function nextStep({ code, outcome, retryAfterSeconds }: GatewayErrorExtensions): NextStep {
  if (outcome === 'APPLIED' || outcome === 'UNKNOWN') return { step: 'read first' };
  switch (code) {
    case 'THROTTLED':
    case 'RATE_LIMITED':
    case 'OVERLOADED':
    case 'UPSTREAM_UNAVAILABLE':
    case 'UPSTREAM_TIMEOUT':
      return { step: 'send again', afterSeconds: retryAfterSeconds ?? 5 };
    case 'CONFLICT':
      return { step: 'read first' };
    case 'UNAUTHENTICATED':
    case 'INTERACTION_REQUIRED':
      return { step: 'sign in' };
    default:
      return { step: 'tell the person' };
  }
}
// #endregion
