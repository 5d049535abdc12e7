import { GatewayError } from '../errors.ts';
import type { HttpFailure } from '../http/http-failure.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { backoff, retryDelay } from '../http/retry-delay.ts';
import { pause } from '../http/within-budget.ts';
import type { GraphClient, GraphSession } from './graph-client.ts';
import { graphFailure } from './graph-failure.ts';
import { asRecord } from './json-object.ts';
import type { Turnstile } from './turnstile.ts';

/** Graph takes no more entries in one JSON batch (docs-contrib, concepts/json-batching). */
export const GRAPH_BATCH_LIMIT = 20;

/** What became of one entry: Graph's object, or the error of this entry alone. */
export type BatchResult = Record<string, unknown> | GatewayError;

export interface BatchOptions {
  readonly client: GraphClient;
  readonly turnstile: Turnstile;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly random?: () => number;
}

/**
 * Reads up to 20 paths in one `POST /$batch`. Answers are matched by id, whatever their order; only throttled entries
 * are sent again, after the longest wait that one of them was asked for.
 * @returns one result for each path, in their order
 * @throws GatewayError when the envelope itself failed
 */
export type BatchRead = (paths: readonly string[], session: GraphSession) => Promise<BatchResult[]>;

export function createBatchRead({
  client,
  turnstile,
  clock = Date.now,
  random = Math.random,
}: BatchOptions): BatchRead {
  return async (paths, session) => {
    const results = new Array<BatchResult>(paths.length);
    let pending = paths.map((_, index) => index);
    for (let attempt = 1; ; attempt += 1) {
      const entries = await send(pending, paths, session);
      const throttled: number[] = [];
      let wait = 0;
      for (const index of pending) {
        const { result, status, askedToWaitMs } = readEntry(entries.get(String(index)));
        results[index] = result;
        if (status !== 429) continue;
        throttled.push(index);
        wait = Math.max(wait, askedToWaitMs ?? backoff(attempt, random()));
        if (askedToWaitMs !== undefined) turnstile.holdBack(askedToWaitMs);
      }
      const delay =
        throttled.length === 0 ? undefined : retryDelay({ status: 429, retryAfterMs: wait }, 'read', attempt, 0);
      if (delay === undefined || delay >= session.budget.remaining()) {
        return results.map((result) => withWait(result, wait));
      }
      session.record.retries += 1;
      session.record.waitMs += delay;
      await pause(delay, session.budget).catch((failure: HttpFailure) => {
        throw new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Graph did not answer in time.', { cause: failure });
      });
      pending = throttled;
    }
  };

  async function send(pending: readonly number[], paths: readonly string[], session: GraphSession) {
    const requests = pending.map((index) => ({ id: String(index), method: 'GET', url: paths[index] }));
    const answer = await client.call(
      // 424 is how an older Graph answers a batch in which an entry was throttled (facts, section 2.6).
      { method: 'POST', path: '/$batch', body: JSON.stringify({ requests }), intent: 'read', alsoAccept: 424 },
      session,
    );
    const entries = new Map<string, Record<string, unknown>>();
    const responses: unknown = answer.body?.responses;
    if (!Array.isArray(responses)) throw missingAnswer();
    for (const response of responses) {
      const entry = asRecord(response);
      if (entry !== undefined) entries.set(String(entry.id), entry);
    }
    return entries;
  }

  function readEntry(entry: Record<string, unknown> | undefined) {
    if (entry === undefined || !Number.isInteger(entry.status)) {
      return { result: missingAnswer(), status: undefined, askedToWaitMs: undefined };
    }
    const status = Number(entry.status);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(asRecord(entry.headers) ?? {}))
      headers[name.toLowerCase()] = String(value);
    const body = asRecord(entry.body);
    if (status >= 200 && status < 300) return { result: body ?? missingAnswer(), status, askedToWaitMs: undefined };
    const askedToWaitMs = retryAfterMs(headers['retry-after'], clock());
    const failed = { status, headers, body, clientRequestId: null, retryAfterMs: askedToWaitMs };
    return { result: graphFailure(failed), status, askedToWaitMs };
  }
}

function withWait(result: BatchResult, waitMs: number): BatchResult {
  return result instanceof GatewayError && result.code === 'THROTTLED' ? result.with({ retryAfterMs: waitMs }) : result;
}

function missingAnswer(): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Graph left this entry of a batch without an answer.');
}
