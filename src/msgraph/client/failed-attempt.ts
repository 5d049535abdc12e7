import { GatewayError, type GraphErrorDetails } from '../../errors.ts';
import type { HttpFailure } from '../../http/http-failure.ts';
import type { AttemptFailure, Intent } from '../../http/retry-delay.ts';

/** One failed attempt of a call to Graph: what it means, and what the retry policy looks at. */
export interface FailedAttempt {
  readonly error: GatewayError;
  readonly attempt: AttemptFailure;
  /** Set when Graph refused the token itself. */
  readonly refusedToken?: { readonly claims: string | undefined };
  /** True when whoever answered should not be asked again over the same connection. */
  readonly leaveConnection?: boolean;
}

/** An attempt without an answer. @throws GatewayError when its time ran out, which no further attempt can mend */
export function brokenAttempt(failure: HttpFailure, intent: Intent, clientRequestId: string): FailedAttempt {
  const graph = failure.sent ? unanswered(clientRequestId) : undefined;
  if (failure.kind === 'timeout' || failure.kind === 'slow' || failure.kind === 'cancelled') {
    throw timedOut(failure, intent, graph);
  }
  const error = new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Graph could not be reached.', {
    cause: failure,
    graph,
  });
  return { error: withOutcome(error, failure, intent), attempt: { kind: failure.kind }, leaveConnection: true };
}

/** The error for time that ran out before Graph answered. */
export function timedOut(failure: HttpFailure, intent: Intent, graph: GraphErrorDetails | undefined): GatewayError {
  const error = new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Graph did not answer in time.', {
    cause: failure,
    graph,
  });
  return withOutcome(error, failure, intent);
}

/**
 * What a failed attempt ends as when it is not made again.
 * @param delay the wait before another attempt, which does not fit; undefined when there may be no other attempt
 * @param backoffMs how long to wait where Graph names no wait but throttles
 */
export function givenUp(failed: FailedAttempt, delay: number | undefined, backoffMs: number): GatewayError {
  const { error, attempt } = failed;
  const throttled = attempt.status === 429;
  if (!throttled && (delay === undefined || attempt.retryAfterMs === undefined)) return error;
  return new GatewayError('THROTTLED', 'Microsoft Graph asks to wait longer than this operation may take.', {
    ...error.details,
    retryAfterMs: attempt.retryAfterMs ?? delay ?? backoffMs,
  });
}

/** All that is known of a request whose answer never came: Microsoft's support can look for it by this id. */
function unanswered(clientRequestId: string): GraphErrorDetails {
  return { status: null, code: null, requestId: null, clientRequestId, date: null };
}

/** What was never sent was not done; of what was sent and not answered nobody knows. */
function withOutcome(error: GatewayError, { sent }: HttpFailure, intent: Intent): GatewayError {
  return intent === 'update' ? error.with({ outcome: sent ? 'UNKNOWN' : 'NOT_APPLIED' }) : error;
}
