import { GatewayError, type GraphErrorDetails } from '../errors.ts';
import type { HttpFailure } from '../http/http-failure.ts';
import { retryAfterMs } from '../http/retry-after.ts';
import { backoff, retryDelay } from '../http/retry-delay.ts';
import { pause } from '../http/within-budget.ts';
import { timed } from '../observability/stopwatch.ts';
import { claimsOf } from './claims-challenge.ts';
import type { GraphClient, GraphSession } from './graph-client.ts';
import { graphFailure } from './graph-failure.ts';
import { asRecord } from './json-object.ts';
import type { Turnstile } from './turnstile.ts';

/** Graph takes no more entries in one JSON batch (docs-contrib, concepts/json-batching). */
export const GRAPH_BATCH_LIMIT = 20;

/**
 * What became of one entry: Graph's object, or the error of this entry alone. Undefined where Graph wants another token
 * for it: a single call knows how to get one, an entry does not.
 */
export type BatchResult = Record<string, unknown> | GatewayError | undefined;

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

/** The answer to one batch: its entries by id, and what a support case wants to know of the whole. */
interface Envelope {
  readonly entries: ReadonlyMap<string, Record<string, unknown>>;
  readonly graph: GraphErrorDetails;
}

export function createBatchRead({
  client,
  turnstile,
  clock = Date.now,
  random = Math.random,
}: BatchOptions): BatchRead {
  return async (paths, session) => {
    const results = new Array<BatchResult>(paths.length);
    let pending = paths.map((_, index) => index);
    let envelope = await send(pending, paths, session);
    for (let attempt = 1; ; attempt += 1) {
      const throttled: number[] = [];
      let wait = 0;
      for (const index of pending) {
        const { result, askedToWaitMs } = readEntry(index, envelope);
        results[index] = result;
        if (!isThrottled(result)) continue;
        throttled.push(index);
        wait = Math.max(wait, askedToWaitMs ?? backoff(attempt, random()));
        if (askedToWaitMs !== undefined) turnstile.holdBack(askedToWaitMs);
      }
      if (throttled.length === 0) return results;
      const delay = retryDelay({ status: 429, retryAfterMs: wait }, 'read', attempt, 0);
      if (delay === undefined || delay >= session.budget.remaining()) {
        return results.map((result) => (isThrottled(result) ? result.with({ retryAfterMs: wait }) : result));
      }
      session.record.retries += 1;
      pending = throttled;
      try {
        await timed(session.record.waitTime, pause(delay, session.budget)).catch(outOfTime);
        envelope = await send(pending, paths, session);
      } catch (failure) {
        if (!(failure instanceof GatewayError)) throw failure;
        // It says nothing against what was answered before.
        for (const index of pending) results[index] = failure;
        return results;
      }
    }
  };

  async function send(pending: readonly number[], paths: readonly string[], session: GraphSession): Promise<Envelope> {
    const requests = pending.map((index) => ({ id: String(index), method: 'GET', url: paths[index] }));
    const answer = await client.call(
      // 424 is how an older Graph answers a batch in which an entry was throttled (facts, section 2.6).
      {
        method: 'POST',
        path: '/$batch',
        template: '/$batch',
        body: JSON.stringify({ requests }),
        intent: 'read',
        alsoAccept: 424,
      },
      session,
    );
    const { status, requestId = null } = answer;
    const graph = { status, code: null, requestId, clientRequestId: null, date: null };
    const responses: unknown = answer.body?.responses;
    if (!Array.isArray(responses)) throw missingAnswer(graph);
    const entries = new Map<string, Record<string, unknown>>();
    for (const response of responses) {
      const entry = asRecord(response);
      if (entry !== undefined) entries.set(String(entry.id), entry);
    }
    return { entries, graph };
  }

  function readEntry(index: number, { entries, graph }: Envelope): { result: BatchResult; askedToWaitMs?: number } {
    const entry = entries.get(String(index));
    if (entry === undefined || !Number.isInteger(entry.status)) return { result: missingAnswer(graph) };
    const status = Number(entry.status);
    const body = asRecord(entry.body);
    if (status >= 200 && status < 300) return { result: body ?? missingAnswer(graph) };
    const headers = lowerCaseHeaders(entry.headers);
    if (status === 401 || (status === 403 && claimsOf(headers['www-authenticate']) !== undefined)) {
      return { result: undefined };
    }
    const askedToWaitMs = retryAfterMs(headers['retry-after'], clock());
    const failure = graphFailure({ status, headers, body, clientRequestId: null, retryAfterMs: askedToWaitMs });
    const own = failure.details.graph;
    const result = own?.requestId === null ? failure.with({ graph: { ...own, requestId: graph.requestId } }) : failure;
    return { result, ...(askedToWaitMs !== undefined && { askedToWaitMs }) };
  }
}

/** Graph spells the names of an entry's headers in several ways. */
function lowerCaseHeaders(headers: unknown): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(asRecord(headers) ?? {})) lower[name.toLowerCase()] = String(value);
  return lower;
}

function isThrottled(result: BatchResult): result is GatewayError {
  return result instanceof GatewayError && result.code === 'THROTTLED';
}

function outOfTime(cause: HttpFailure): never {
  throw new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Graph did not answer in time.', { cause });
}

function missingAnswer(graph: GraphErrorDetails): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Graph left this entry of a batch without an answer.', {
    graph,
  });
}
