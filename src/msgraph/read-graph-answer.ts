import { GatewayError } from '../errors.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { claimsOf } from './claims-challenge.ts';
import type { FailedAttempt } from './failed-attempt.ts';
import type { GraphAnswer, GraphRequest, GraphSession } from './graph-client.ts';
import { type FailedAnswer, graphErrorDetails, graphFailure } from './graph-failure.ts';
import { asRecord } from './json-object.ts';

export interface AnsweredAttempt {
  readonly answer: HttpAnswer;
  readonly clientRequestId: string;
  readonly request: GraphRequest;
  readonly session: Pick<GraphSession, 'interactionRequired'>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Tells what an HTTP answer of Graph is: what was asked for, or a failure and what it means. */
export function readGraphAnswer(attempt: AnsweredAttempt): GraphAnswer | FailedAttempt {
  const { answer, clientRequestId, request, session, now } = attempt;
  const { status, headers } = answer;
  const body = parse(answer);
  const accepted = (status >= 200 && status < 300) || status === request.alsoAccept;
  if (accepted && body !== SENSELESS) {
    const requestId = headers['request-id'];
    return { status, body, requestId: typeof requestId === 'string' ? requestId : undefined };
  }
  const waitMs = retryAfterMs(headers['retry-after'], now);
  const failed: FailedAnswer = { status, headers, body, clientRequestId, retryAfterMs: waitMs };
  // A 503 asks for another connection, and who answers nonsense should not be asked again over the same one.
  const leaveConnections = status === 503 || status < 400 || body === SENSELESS;
  const claims = status === 401 || status === 403 ? claimsOf(headers['www-authenticate']) : undefined;
  if (claims !== undefined || status === 401) {
    const error = claims === undefined ? refusedFreshToken(failed) : session.interactionRequired(claims);
    const noted = withOutcome(error, status, request);
    return { error: noted, attempt: { status }, refusedToken: { claims }, leaveConnections };
  }
  const error = body === SENSELESS && status < 500 && status !== 429 ? senseless(failed) : graphFailure(failed);
  const made = body === SENSELESS && status < 300 ? { kind: 'senseless' as const } : { status };
  return {
    error: withOutcome(error, status, request),
    attempt: { ...made, retryAfterMs: waitMs },
    leaveConnections,
  };
}

/** Every answer of Graph with content is a JSON object; anything else is not Graph's. */
const SENSELESS = Symbol('senseless');

function parse({ text, json }: HttpAnswer): Record<string, unknown> | undefined | typeof SENSELESS {
  if (!json) return SENSELESS;
  if (text === '') return undefined;
  try {
    return asRecord(JSON.parse(text)) ?? SENSELESS;
  } catch {
    return SENSELESS;
  }
}

/** A status says whether an update was applied: 4xx, 501 and 503 that it was not, everything else nothing for sure. */
function withOutcome(error: GatewayError, status: number, { intent }: GraphRequest): GatewayError {
  if (intent === 'read') return error;
  const refused = (status >= 400 && status < 500) || status === 501 || status === 503;
  return error.with({ outcome: refused ? 'NOT_APPLIED' : 'UNKNOWN' });
}

function senseless(answer: FailedAnswer): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Graph gave an answer that makes no sense.', {
    graph: graphErrorDetails(answer),
  });
}

/** A token fresh from Entra that Graph does not take: nothing that the caller could mend. */
function refusedFreshToken(answer: FailedAnswer): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', "Microsoft Graph did not accept the user's token.", {
    graph: graphErrorDetails(answer),
    hint: 'Graph refused a new token; look at GRAPH_BASE_URL and the clocks',
  });
}
