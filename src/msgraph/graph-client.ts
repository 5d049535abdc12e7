import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatewayError } from '../errors.ts';
import type { Budget } from '../http/budget.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { backoff, type Intent, retryDelay } from '../http/retry-delay.ts';
import type { HttpAnswer, Transport } from '../http/transport.ts';
import { pause } from '../http/within-budget.ts';
import { observeCall } from '../observability/observe-call.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import { timed } from '../observability/stopwatch.ts';
import { brokenAttempt, type FailedAttempt, timedOut } from './failed-attempt.ts';
import { readGraphAnswer } from './read-graph-answer.ts';
import type { Turnstile } from './turnstile.ts';

/** What a call to Graph needs of the operation that it is part of. */
export interface GraphSession {
  /** Who waits, for taking turns. */
  readonly callerKey: string;
  readonly budget: Budget;
  readonly record: OperationRecord;
  /** The caller's own token for Graph. With `rejected`, one that replaces it; `claims` (JSON text) must be met. */
  getToken(challenge?: { readonly rejected: string; readonly claims?: string | undefined }): string | Promise<string>;
  /** Whether another process had the token, which replaced a refused one: it may be refused as well, and be replaced. */
  isShared?(token: string): boolean;
  /** The answer when Graph insists on claims that a new token did not meet. */
  interactionRequired(claims: string): GatewayError;
  /** W3C trace context to send along. */
  readonly traceHeaders: Readonly<Record<string, string>>;
}

export interface GraphRequest {
  readonly method: 'GET' | 'PATCH' | 'POST';
  /** Path and query below the Graph root, beginning with "/". */
  readonly path: string;
  /** The same without its query and with names in the place of ids, for traces. */
  readonly template: string;
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
          const result = await attemptCall(request, session, token, attempt);
          if ('status' in result) return result;
          const { error, refusedToken } = result;
          if (refusedToken !== undefined) {
            if (challenged && session.isShared?.(token) !== true) throw error;
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
    { error, attempt: failure }: FailedAttempt,
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
    await timed(session.record.waitTime, pause(delay, session.budget));
  }

  async function attemptCall(
    request: GraphRequest,
    session: GraphSession,
    token: string,
    attempt: number,
  ): Promise<GraphAnswer | FailedAttempt> {
    const { record, budget } = session;
    const { method, template } = request;
    const clientRequestId = randomUUID();
    await takeTurn(session);
    record.graphCalls += 1;
    record.graphTime.start();
    let answer: HttpAnswer;
    let placeTaken = false;
    try {
      answer = await observeCall(record, { upstream: 'graph', method, origin, template, attempt }, (traceHeaders) =>
        transport.send(
          {
            method,
            origin,
            path: root + request.path,
            headers: {
              ...(traceHeaders ?? session.traceHeaders),
              authorization: `Bearer ${token}`,
              accept: 'application/json',
              'client-request-id': clientRequestId,
              ...(request.body !== undefined && { 'content-type': 'application/json' }),
            },
            body: request.body,
          },
          // An update leaves time to read back what became of it.
          request.intent === 'update'
            ? { budget, outlivesClient: true, answerWithinMs: Math.ceil((budget.remaining() * 2) / 3) }
            : { budget },
        ),
      );
    } catch (failure) {
      if (failure instanceof HttpFailure) return brokenAttempt(failure, request);
      throw failure;
    } finally {
      record.graphTime.stop();
      placeTaken = turnstile.leave();
    }
    // Who waited for the place goes first; else Graph has nothing to do while a burst of its answers is worked off. But
    // what may say that Graph throttles (any failure, and a batch) is read at once, before others are let in.
    if (placeTaken && answer.status < 300 && request.method !== 'POST') await nextTurn();
    const requestId = answer.headers['request-id'];
    // It is logged: what does not look like an id could be anything.
    if (typeof requestId === 'string' && /^[\w.-]{1,64}$/.test(requestId)) record.graphRequestIds.push(requestId);
    const result = readGraphAnswer({ answer, clientRequestId, request, session, now: clock() });
    if ('error' in result && result.leaveConnections) transport.renewConnections();
    return result;
  }

  async function takeTurn({ callerKey, budget, record }: GraphSession) {
    const turn = turnstile.enter(callerKey, budget);
    if (turn !== undefined) await timed(record.waitTime, turn);
  }
}
