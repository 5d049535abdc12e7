import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatewayError } from '../../errors.ts';
import type { Budget } from '../../http/budget.ts';
import type { HttpAnswer } from '../../http/exchange.ts';
import type { HeldBytes } from '../../http/held-bytes.ts';
import { HttpFailure } from '../../http/http-failure.ts';
import type { RetryBudget } from '../../http/retry-budget.ts';
import { backoff, retryDelay } from '../../http/retry-delay.ts';
import type { Transport } from '../../http/transport.ts';
import { pause } from '../../http/within-budget.ts';
import type { OperationRecord } from '../../observability/operation-record.ts';
import { timed } from '../../observability/stopwatch.ts';
import { observeCall } from '../../observability/telemetry/observe-call.ts';
import type { Allowance } from './allowance.ts';
import { brokenAttempt, type FailedAttempt, givenUp, timedOut } from './failed-attempt.ts';
import { noteFailedRequest } from './note-failed-request.ts';
import { type AnswerRules, type GraphAnswer, readGraphAnswer } from './read-graph-answer.ts';
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

export interface GraphRequest extends AnswerRules {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  /** Path and query below the Graph root, beginning with "/". */
  readonly path: string;
  /** The same without its query and with names in the place of ids, for traces. */
  readonly template: string;
  readonly body?: string;
  /** How many requests Graph takes it for: the entries of a batch. 1 without it. */
  readonly counts?: number;
  /** Has it leave over a connection of its own from the first attempt on. */
  readonly freshConnection?: boolean;
}

export interface GraphClient {
  /**
   * One request to Graph with the caller's token, made again as `retryDelay` says, within the operation's budget and as
   * far as the allowance goes. The first attempt must be paid by who calls.
   * @returns a 2xx answer
   * @throws GatewayError; that of an update says in `outcome` whether Graph can have applied it
   */
  call(request: GraphRequest, session: GraphSession): Promise<GraphAnswer>;
}

export interface GraphClientOptions {
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly turnstile: Turnstile;
  readonly allowance: Allowance;
  readonly retryBudget: RetryBudget;
  readonly held: HeldBytes;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly random?: () => number;
}

const TOO_MUCH_AT_ONCE = 'This is more than the gateway holds at once: ask for less, or for one after the other.';

/** What may differ from one attempt of a call to the next. */
interface Attempt {
  /** From 1. */
  readonly number: number;
  readonly token: string;
  readonly freshConnection: boolean;
}

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { transport, turnstile, allowance, retryBudget, held } = options;
  const clock = options.clock ?? Date.now;
  const random = options.random ?? Math.random;
  const { origin, pathname } = new URL(options.baseUrl);
  const root = pathname.replace(/\/$/, '');

  return {
    async call(request, session) {
      const { callerKey, budget, record } = session;
      retryBudget.countCall();
      let last: FailedAttempt | undefined;
      try {
        const cached = session.getToken();
        let token = typeof cached === 'string' ? cached : await cached;
        let challenged = false;
        for (let number = 1; ; number += 1) {
          const turn = turnstile.enter(callerKey, budget);
          if (turn !== undefined) await timed(record.waitTime, turn);
          const freshConnection = last?.leaveConnection ?? request.freshConnection ?? false;
          const result = await attemptCall(request, session, { number, token, freshConnection });
          if ('status' in result) return result;
          last = result;
          if (result.refusedToken === undefined) {
            await waitForRetry(result, request, session, number);
          } else {
            if (challenged && session.isShared?.(token) !== true) throw result.error;
            challenged = true;
            token = await replaceToken(token, result, session);
          }
          record.retries += 1;
        }
      } catch (failure) {
        if (failure instanceof HttpFailure) throw timedOut(failure, request.intent, last?.error.details.graph);
        if (failure instanceof GatewayError && request.intent === 'update' && failure.details.outcome === undefined) {
          throw failure.with({ outcome: 'NOT_APPLIED' });
        }
        throw failure;
      }
    },
  };

  /** @throws GatewayError: where Entra wants the person for it, with what Graph said, whose wish it is */
  async function replaceToken(rejected: string, { refusedToken, error }: FailedAttempt, session: GraphSession) {
    try {
      return await session.getToken({ rejected, claims: refusedToken?.claims });
    } catch (failure) {
      const wantsPerson = failure instanceof GatewayError && failure.code === 'INTERACTION_REQUIRED';
      throw wantsPerson ? failure.with({ graph: error.details.graph }) : failure;
    }
  }

  /** Returns when the request may be made again, else throws what the failure means. */
  async function waitForRetry(failed: FailedAttempt, request: GraphRequest, session: GraphSession, number: number) {
    const { attempt } = failed;
    const { budget, record, callerKey } = session;
    if (attempt.status === 429 && attempt.retryAfterMs !== undefined) turnstile.holdBack(attempt.retryAfterMs);
    const delay = retryDelay(attempt, request.intent, number, random());
    if (delay === undefined || delay >= budget.remaining()) throw givenUp(failed, delay, backoff(number, 1));
    const paid = allowance.mayRepeat(callerKey, request.counts ?? 1);
    if (!(paid === true || (await paid))) throw givenUp(failed, undefined, backoff(number, 1));
    await timed(record.waitTime, pause(delay, budget));
  }

  async function attemptCall(
    request: GraphRequest,
    session: GraphSession,
    attempt: Attempt,
  ): Promise<GraphAnswer | FailedAttempt> {
    const { record } = session;
    const clientRequestId = randomUUID();
    record.graphCalls += 1;
    record.graphTime.start();
    let answer: HttpAnswer;
    let placeTaken = false;
    try {
      answer = await send(request, session, attempt, clientRequestId);
    } catch (failure) {
      if (!(failure instanceof HttpFailure)) throw failure;
      if (failure.sent) noteFailedRequest(record, clientRequestId);
      return brokenAttempt(failure, request.intent, clientRequestId);
    } finally {
      record.graphTime.stop();
      placeTaken = turnstile.leave();
    }
    // Who waited for the place goes first; else Graph has nothing to do while a burst of its answers is worked off. But
    // what may say that Graph throttles (any failure, and a batch) is read at once, before others are let in.
    if (placeTaken && answer.status < 300 && request.method !== 'POST') await nextTurn();
    // An update has happened by then, and its answer is one session.
    if (request.intent !== 'update') hold(answer.text.length, session);
    const requestId = answer.headers['request-id'];
    // It is logged: what does not look like an id could be anything.
    if (requestId !== undefined && /^[\w.-]{1,64}$/.test(requestId)) record.graphRequestIds.push(requestId);
    const result = readGraphAnswer(answer, request, { clientRequestId, session, now: clock() });
    // A read that finds nothing has not failed.
    const failed = !('status' in result) && (request.intent === 'update' || result.error.code !== 'NOT_FOUND');
    if (failed) noteFailedRequest(record, clientRequestId);
    return result;
  }

  function hold(bytes: number, { callerKey, record }: GraphSession): void {
    if (!held.take(callerKey, bytes)) throw new GatewayError('OVERLOADED', TOO_MUCH_AT_ONCE, { retryAfterMs: 1000 });
    record.heldBytes += bytes;
  }

  function send(
    { method, path, template, body, intent }: GraphRequest,
    { record, budget, traceHeaders }: GraphSession,
    { number, token, freshConnection }: Attempt,
    clientRequestId: string,
  ): Promise<HttpAnswer> {
    const update = intent === 'update';
    const call = { upstream: 'graph', method, origin, template, attempt: number } as const;
    return observeCall(record, call, (spanHeaders) =>
      transport.send(
        {
          method,
          origin,
          path: root + path,
          headers: {
            ...(spanHeaders ?? traceHeaders),
            authorization: `Bearer ${token}`,
            accept: 'application/json',
            'client-request-id': clientRequestId,
            ...(body !== undefined && { 'content-type': 'application/json' }),
          },
          body,
        },
        // A read may take all the time that is left. An update leaves some to read back what became of it.
        update
          ? { budget, freshConnection, outlivesClient: true, answerWithinMs: Math.ceil((budget.remaining() * 2) / 3) }
          : { budget, freshConnection },
      ),
    );
  }
}
