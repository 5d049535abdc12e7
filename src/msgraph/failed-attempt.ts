import { GatewayError } from '../errors.ts';
import type { HttpFailure } from '../http/http-failure.ts';
import type { AttemptFailure } from '../http/retry-delay.ts';
import type { GraphRequest } from './graph-client.ts';

/** One failed attempt of a call to Graph: what it means, and what the retry policy looks at. */
export interface FailedAttempt {
  readonly error: GatewayError;
  readonly attempt: AttemptFailure;
  /** Set when Graph refused the token itself. */
  readonly refusedToken?: { readonly claims: string | undefined };
  /** True when whoever answered should not be asked again over the same connections. */
  readonly leaveConnections?: boolean;
}

/** An attempt without an answer. @throws GatewayError when its time ran out, which no further attempt can mend */
export function brokenAttempt(failure: HttpFailure, request: GraphRequest): FailedAttempt {
  if (failure.kind === 'timeout' || failure.kind === 'slow' || failure.kind === 'cancelled')
    throw timedOut(failure, request);
  const error = new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Graph could not be reached.', { cause: failure });
  return { error: withOutcome(error, failure, request), attempt: { kind: failure.kind } };
}

/** The error for time that ran out before Graph answered. */
export function timedOut(failure: HttpFailure, request: GraphRequest): GatewayError {
  const error = new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Graph did not answer in time.', { cause: failure });
  return withOutcome(error, failure, request);
}

/** What was never sent was not done; of what was sent and not answered nobody knows. */
function withOutcome(error: GatewayError, { sent }: HttpFailure, { intent }: GraphRequest): GatewayError {
  return intent === 'update' ? error.with({ outcome: sent ? 'UNKNOWN' : 'NOT_APPLIED' }) : error;
}
