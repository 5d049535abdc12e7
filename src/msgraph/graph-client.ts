import { randomUUID } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import type { Budget } from '../http/budget.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { type AttemptFailure, backoff, type Intent, retryDelay } from '../http/retry-delay.ts';
import type { HttpAnswer, Transport } from '../http/transport.ts';
import { pause } from '../http/within-budget.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import { claimsOf } from './claims-challenge.ts';
import { type FailedAnswer, graphErrorDetails, graphFailure } from './graph-failure.ts';
import { asRecord } from './json-object.ts';
import type { Turnstile } from './turnstile.ts';

/** What a call to Graph needs of the operation that it is part of. */
export interface GraphSession {
  /** Who waits, for taking turns. */
  readonly callerKey: string;
  readonly budget: Budget;
  readonly record: OperationRecord;
  /** The caller's own token for Graph. With `rejected`, one that replaces it; `claims` (JSON text) must be met. */
  getToken(challenge?: { readonly rejected: string; readonly claims?: string | undefined }): string | Promise<string>;
  /** The answer when Graph insists on claims that a new token did not meet. */
  interactionRequired(claims: string): GatewayError;
  /** W3C trace context to send along. */
  readonly traceHeaders: Readonly<Record<string, string>>;
}

export interface GraphRequest {
  readonly method: 'GET' | 'PATCH' | 'POST';
  /** Path and query below the Graph root, beginning with "/". */
  readonly path: string;
  readonly body?: string;
  readonly intent: Intent;
  /** A status beside 2xx whose answer the caller can read. */
  readonly alsoAccept?: number;
}

export interface GraphAnswer {
  readonly status: number;
  /** A JSON object; undefined when the answer has no content. */
  readonly body: Record<string, unknown> | undefined;
  readonly requestId: string | undefined;
}

export interface GraphClient {
  /**
   * One request to Graph with the caller's token, made again as `retryDelay` says, within the operation's budget.
   * @returns a 2xx answer
   * @throws GatewayError; that of an update says in `outcome` whether Graph can have applied it
   */
  call(request: GraphRequest, session: GraphSession): Promise<GraphAnswer>;
}

export interface GraphClientOptions {
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly turnstile: Turnstile;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly random?: () => number;
}

/** One failed attempt: what it means, and what the retry policy looks at. */
interface Failed {
  readonly error: GatewayError;
  readonly attempt: AttemptFailure;
  /** Set when Graph refused the token itself. */
  readonly refusedToken?: { readonly claims: string | undefined };
}

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { transport, turnstile } = options;
  const clock = options.clock ?? Date.now;
  const random = options.random ?? Math.random;
  const { origin, pathname } = new URL(options.baseUrl);
  const root = pathname.replace(/\/$/, '');

  return {
    async call(request, session) {
      const { record } = session;
      try {
        let token = await session.getToken();
        let challenged = false;
        for (let attempt = 1; ; attempt += 1) {
          const result = await attemptCall(request, session, token);
          if ('status' in result) return result;
          const { error, refusedToken } = result;
          if (refusedToken !== undefined) {
            if (challenged) throw error;
            challenged = true;
            token = await session.getToken({ rejected: token, claims: refusedToken.claims });
            record.retries += 1;
            continue;
          }
          await waitForRetry(result, request, session, attempt);
        }
      } catch (failure) {
        if (failure instanceof HttpFailure) throw timedOut(failure, request);
        if (failure instanceof GatewayError && request.intent === 'update' && failure.details.outcome === undefined) {
          throw failure.with({ outcome: 'NOT_APPLIED' });
        }
        throw failure;
      }
    },
  };

  /** Returns when the request may be made again, else throws what the failure means. */
  async function waitForRetry(
    { error, attempt: failure }: Failed,
    request: GraphRequest,
    session: GraphSession,
    attempt: number,
  ) {
    const delay = retryDelay(failure, request.intent, attempt, random());
    const throttled = failure.status === 429;
    if (throttled && failure.retryAfterMs !== undefined) turnstile.holdBack(failure.retryAfterMs);
    if (delay === undefined || delay >= session.budget.remaining()) {
      const waitMs = failure.retryAfterMs ?? (throttled ? (delay ?? backoff(attempt, 1)) : undefined);
      const mustWait = delay !== undefined && failure.retryAfterMs !== undefined;
      if (!throttled && !mustWait) throw error;
      throw new GatewayError('THROTTLED', 'Microsoft Graph asks to wait longer than this operation may take.', {
        ...error.details,
        retryAfterMs: waitMs,
      });
    }
    session.record.retries += 1;
    session.record.waitMs += delay;
    await pause(delay, session.budget);
  }

  async function attemptCall(
    request: GraphRequest,
    session: GraphSession,
    token: string,
  ): Promise<GraphAnswer | Failed> {
    const { record, budget } = session;
    const clientRequestId = randomUUID();
    const turn = turnstile.enter(session.callerKey, budget);
    if (turn !== undefined) await turn;
    record.graphCalls += 1;
    let answer: HttpAnswer;
    try {
      answer = await transport.send(
        {
          method: request.method,
          origin,
          path: root + request.path,
          headers: {
            ...session.traceHeaders,
            authorization: `Bearer ${token}`,
            accept: 'application/json',
            'client-request-id': clientRequestId,
            ...(request.body !== undefined && { 'content-type': 'application/json' }),
          },
          body: request.body,
        },
        { budget, outlivesClient: request.intent === 'update' },
      );
    } catch (failure) {
      if (failure instanceof HttpFailure) return brokenAttempt(failure, request);
      throw failure;
    } finally {
      turnstile.leave();
    }
    const requestId = answer.headers['request-id'];
    if (typeof requestId === 'string') record.graphRequestIds.push(requestId.slice(0, 64));
    return readAnswer(answer, clientRequestId, request, session);
  }

  function readAnswer(
    answer: HttpAnswer,
    clientRequestId: string,
    request: GraphRequest,
    session: GraphSession,
  ): GraphAnswer | Failed {
    const { status, headers } = answer;
    const body = parse(answer);
    const accepted = (status >= 200 && status < 300) || status === request.alsoAccept;
    if (accepted && body !== SENSELESS) {
      const requestId = headers['request-id'];
      return { status, body, requestId: typeof requestId === 'string' ? requestId : undefined };
    }
    const failed: FailedAnswer = {
      status,
      headers,
      body,
      clientRequestId,
      retryAfterMs: retryAfterMs(headers['retry-after'], clock()),
    };
    const claims = status === 401 || status === 403 ? claimsOf(headers['www-authenticate']) : undefined;
    if (claims !== undefined || status === 401) {
      const error = claims === undefined ? refusedFreshToken(failed) : session.interactionRequired(claims);
      return { error: noted(error, status, request), attempt: { status }, refusedToken: { claims } };
    }
    // A 503 asks for another connection, and who answers nonsense should not be asked again over the same one.
    if (status === 503 || status < 400 || body === SENSELESS) transport.renewConnections();
    const error = body === SENSELESS && status < 500 && status !== 429 ? senseless(failed) : graphFailure(failed);
    const made = body === SENSELESS && status < 300 ? { kind: 'senseless' as const } : { status };
    return { error: noted(error, status, request), attempt: { ...made, retryAfterMs: failed.retryAfterMs } };
  }
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
function noted(error: GatewayError, status: number, { intent }: GraphRequest): GatewayError {
  if (intent === 'read') return error;
  const refused = (status >= 400 && status < 500) || status === 501 || status === 503;
  return error.with({ outcome: refused ? 'NOT_APPLIED' : 'UNKNOWN' });
}

function brokenAttempt(failure: HttpFailure, request: GraphRequest): Failed {
  if (failure.kind === 'timeout' || failure.kind === 'slow' || failure.kind === 'cancelled')
    throw timedOut(failure, request);
  const error = new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Graph could not be reached.', { cause: failure });
  return {
    error: request.intent === 'update' ? error.with({ outcome: failure.sent ? 'UNKNOWN' : 'NOT_APPLIED' }) : error,
    attempt: { kind: failure.kind },
  };
}

function timedOut(failure: HttpFailure, { intent }: GraphRequest): GatewayError {
  const error = new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Graph did not answer in time.', { cause: failure });
  return intent === 'update' ? error.with({ outcome: failure.sent ? 'UNKNOWN' : 'NOT_APPLIED' }) : error;
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
