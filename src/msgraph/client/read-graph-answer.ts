import { GatewayError, type GraphErrorDetails } from '../../errors.ts';
import type { HttpAnswer } from '../../http/exchange.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import type { Intent } from '../../http/retry-delay.ts';
import { claimsOf } from './claims-challenge.ts';
import type { FailedAttempt } from './failed-attempt.ts';
import { type FailedAnswer, graphErrorDetails, graphFailure, plain } from './graph-failure.ts';
import { parseRecord } from './json-object.ts';

export interface GraphAnswer {
  readonly status: number;
  /** A JSON object; undefined when the answer has no content. */
  readonly body: Record<string, unknown> | undefined;
  readonly requestId: string | undefined;
  /** What the gateway sent, to find the request by. */
  readonly clientRequestId: string;
  readonly date: string | undefined;
}

/** What a support case asks of an answer that was none of Graph's errors. */
export function detailsOf({ status, requestId, clientRequestId, date }: GraphAnswer): GraphErrorDetails {
  return { status, code: null, requestId: plain(requestId), clientRequestId, date: plain(date) };
}

/** What tells how an answer is to be taken. */
export interface AnswerRules {
  readonly intent: Intent;
  /** A status beside 2xx whose answer the caller can read. */
  readonly alsoAccept?: number;
  /** True where the path is always there (the collection's own, `$batch`): not found means that it is none of Graph's. */
  readonly alwaysThere?: boolean;
  /** True where any 2xx means that it is done, whatever its body: one that cannot be read is then no content. */
  readonly doneByStatus?: boolean;
}

export interface AnsweredAttempt {
  readonly clientRequestId: string;
  /** The answer when Graph insists on claims that a new token did not meet. */
  readonly session: { interactionRequired(claims: string): GatewayError };
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Tells what an HTTP answer of Graph is: what was asked for, or a failure and what it means. */
export function readGraphAnswer(
  answer: HttpAnswer,
  rules: AnswerRules,
  attempt: AnsweredAttempt,
): GraphAnswer | FailedAttempt {
  const { status, headers } = answer;
  const body = parse(answer);
  const success = status >= 200 && status < 300;
  if ((success && rules.doneByStatus) || ((success || status === rules.alsoAccept) && body !== SENSELESS)) {
    return {
      status,
      body: body === SENSELESS ? undefined : body,
      requestId: headers['request-id'],
      clientRequestId: attempt.clientRequestId,
      date: headers.date,
    };
  }
  const { clientRequestId, session, now } = attempt;
  const waitMs = retryAfterMs(headers['retry-after'], now);
  const { alwaysThere } = rules;
  const failed: FailedAnswer = { status, headers, body, clientRequestId, retryAfterMs: waitMs, alwaysThere };
  // A 503 asks for another connection, and who answers nonsense should not be asked again over the same one.
  const leaveConnection = status === 503 || status < 400 || body === SENSELESS;
  const claims = status === 401 || status === 403 ? claimsOf(headers['www-authenticate']) : undefined;
  if (claims !== undefined || status === 401) {
    const error = claims === undefined ? refusedFreshToken(failed) : challenged(failed, claims, session);
    const noted = withOutcome(error, status, rules);
    return { error: noted, attempt: { status }, refusedToken: { claims }, leaveConnection };
  }
  const made = body === SENSELESS && status < 300 ? { kind: 'senseless' as const } : { status };
  return {
    error: withOutcome(graphFailure(failed), status, rules),
    attempt: { ...made, retryAfterMs: waitMs },
    leaveConnection,
  };
}

/** Every answer of Graph with content is a JSON object; anything else is not Graph's. */
const SENSELESS = Symbol('senseless');

function parse({ text, json }: HttpAnswer): Record<string, unknown> | undefined | typeof SENSELESS {
  if (!json) return SENSELESS;
  return text === '' ? undefined : (parseRecord(text) ?? SENSELESS);
}

/** A status says whether an update was applied: 4xx, 501 and 503 that it was not, everything else nothing for sure. */
function withOutcome(error: GatewayError, status: number, { intent }: AnswerRules): GatewayError {
  if (intent === 'read') return error;
  const refused = (status >= 400 && status < 500) || status === 501 || status === 503;
  return error.with({ outcome: refused ? 'NOT_APPLIED' : 'UNKNOWN' });
}

function challenged(answer: FailedAnswer, claims: string, session: AnsweredAttempt['session']): GatewayError {
  return session.interactionRequired(claims).with({ graph: graphErrorDetails(answer) });
}

/** A token fresh from Entra that Graph does not take: nothing that the caller could mend. */
function refusedFreshToken(answer: FailedAnswer): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', "Microsoft Graph did not accept the user's token.", {
    graph: graphErrorDetails(answer),
    hint: 'Graph refused a new token; look at GRAPH_BASE_URL and the clocks',
  });
}
