import { GatewayError, type GraphErrorDetails } from '../../errors.ts';
import { HttpFailure } from '../../http/http-failure.ts';
import type { HttpHeaders } from '../../http/http-headers.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import { type AttemptFailure, backoff, retryDelay } from '../../http/retry-delay.ts';
import { pause } from '../../http/within-budget.ts';
import type { OperationRecord } from '../../observability/operation-record.ts';
import { timed } from '../../observability/stopwatch.ts';
import type { Allowance } from './allowance.ts';
import { claimsOf } from './claims-challenge.ts';
import { type FailedAttempt, givenUp, timedOut } from './failed-attempt.ts';
import type { GraphClient, GraphSession } from './graph-client.ts';
import { graphErrorDetails, graphFailure } from './graph-failure.ts';
import { asRecord } from './json-object.ts';
import { noteFailedRequest, noteSenselessAnswer } from './note-failed-request.ts';
import { detailsOf } from './read-graph-answer.ts';
import type { Turnstile } from './turnstile.ts';

/** Graph takes no more entries in one JSON batch (docs-contrib, concepts/json-batching). */
export const GRAPH_BATCH_LIMIT = 20;

/** What Graph answered to an entry. */
export interface BatchEntry {
  readonly body: Record<string, unknown>;
  /** Notes that it makes no sense. @returns what a support case asks of it */
  readonly fault: () => GraphErrorDetails;
}

/**
 * What became of one entry: Graph's answer, or the error of this entry alone. Undefined where a single call may do what
 * an entry cannot: Graph wants another token for it, or did not take the batch in which it was sent again.
 */
export type BatchResult = BatchEntry | GatewayError | undefined;

/**
 * Whether the envelope itself was refused, by whomever: its entries can be read one by one. Whoever throttles, is down or
 * wants another token means each of them as well.
 */
export function isRefusedBatch({ code, details: { graph } }: GatewayError): boolean {
  const status = graph?.status ?? 0;
  if (code === 'INTERACTION_REQUIRED' || code === 'UPSTREAM_TIMEOUT') return false;
  return status === 501 || (status >= 400 && status < 500 && status !== 401 && status !== 429);
}

export interface BatchOptions {
  readonly client: GraphClient;
  readonly turnstile: Turnstile;
  readonly allowance: Allowance;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly random?: () => number;
}

/**
 * Reads up to 20 paths in one `POST /$batch`, paid by who calls. Answers are matched by id, whatever their order.
 * Entries that failed for the moment are sent again as a single read would be, after the longest of their waits.
 * @returns one result for each path, in their order
 * @throws GatewayError when the envelope itself failed
 */
export type BatchRead = (paths: readonly string[], session: GraphSession) => Promise<BatchResult[]>;

/** The answer to one batch: its entries by id, and what a support case wants to know of the whole. */
interface Envelope {
  readonly entries: ReadonlyMap<string, Record<string, unknown>>;
  readonly graph: GraphErrorDetails;
  readonly clientRequestId: string;
}

/** What an older Graph answers to a batch in which an entry was throttled (facts, section 2.6). */
const FAILED_DEPENDENCY = 424;

interface FailedEntry extends FailedAttempt {
  readonly index: number;
}

export function createBatchRead(options: BatchOptions): BatchRead {
  const { client, turnstile, allowance, clock = Date.now, random = Math.random } = options;

  return async (paths, session) => {
    const { record, budget } = session;
    const results = new Array<BatchResult>(paths.length);
    let pending = paths.map((_, index) => index);
    let envelope = await send(pending, paths, session, false);
    for (let attempt = 1; ; attempt += 1) {
      const failed: FailedEntry[] = [];
      for (const index of pending) {
        const { result, attempt } = readEntry(index, envelope, record);
        results[index] = result;
        if (result instanceof GatewayError && attempt !== undefined) failed.push({ index, error: result, attempt });
      }
      if (failed.length === 0) return results;
      noteFailedRequest(record, envelope.clientRequestId);
      const { again, wait } = await sendAgain(failed, results, session, attempt);
      if (again.length === 0) return results;
      record.retries += 1;
      pending = again.map(({ index }) => index);
      try {
        await timed(record.waitTime, pause(wait, budget));
        const unavailable = again.some(({ attempt: { status } }) => status === 503);
        envelope = await send(pending, paths, session, unavailable);
      } catch (failure) {
        const error = failure instanceof HttpFailure ? timedOut(failure, 'read', envelope.graph) : failure;
        if (!(error instanceof GatewayError)) throw error;
        // It says nothing against what was answered before.
        for (const index of pending) results[index] = isRefusedBatch(error) ? undefined : error;
        return results;
      }
    }
  };

  /** Chooses the failed entries that are sent again, and how long to wait before; notes the others as given up. */
  async function sendAgain(
    failed: readonly FailedEntry[],
    results: BatchResult[],
    { callerKey, budget }: GraphSession,
    attempt: number,
  ) {
    const silence = Math.max(
      0,
      ...failed.map(({ attempt: { status, retryAfterMs = 0 } }) => (status === 429 ? retryAfterMs : 0)),
    );
    if (silence > 0) turnstile.holdBack(silence);
    const again: FailedEntry[] = [];
    let wait = silence;
    for (const entry of failed) {
      const delay = retryDelay(entry.attempt, 'read', attempt, random());
      if (delay !== undefined && Math.max(delay, silence) < budget.remaining()) {
        again.push(entry);
        wait = Math.max(wait, delay);
      } else results[entry.index] = givenUp(askedToWait(entry, silence), delay, backoff(attempt, 1));
    }
    const paid = again.length > 0 && allowance.mayRepeat(callerKey, again.length);
    if (paid === true || (await paid)) return { again, wait };
    for (const entry of again) results[entry.index] = givenUp(entry, undefined, backoff(attempt, 1));
    return { again: [], wait };
  }

  async function send(
    pending: readonly number[],
    paths: readonly string[],
    session: GraphSession,
    freshConnection: boolean,
  ): Promise<Envelope> {
    const requests = pending.map((index) => ({ id: String(index), method: 'GET', url: paths[index] }));
    const answer = await client.call(
      {
        method: 'POST',
        path: '/$batch',
        template: '/$batch',
        body: JSON.stringify({ requests }),
        intent: 'read',
        alwaysThere: true,
        alsoAccept: FAILED_DEPENDENCY,
        counts: pending.length,
        freshConnection,
      },
      session,
    );
    const responses: unknown = answer.body?.responses;
    if (!Array.isArray(responses)) throw missingAnswer(noteSenselessAnswer(session.record, answer));
    const entries = new Map<string, Record<string, unknown>>();
    for (const response of responses) {
      const entry = asRecord(response);
      if (entry !== undefined) entries.set(String(entry.id), entry);
    }
    return { entries, graph: detailsOf(answer), clientRequestId: answer.clientRequestId };
  }

  /** The result of an entry, and if it failed what the retry policy looks at. */
  function readEntry(
    index: number,
    envelope: Envelope,
    record: OperationRecord,
  ): { readonly result: BatchResult; readonly attempt?: AttemptFailure } {
    const entry = envelope.entries.get(String(index));
    if (entry === undefined || !Number.isInteger(entry.status)) return failedEntry(missingAnswer(envelope.graph));
    const status = Number(entry.status);
    if (status >= 200 && status < 300) {
      const body = asRecord(entry.body);
      const fault = () => {
        noteFailedRequest(record, envelope.clientRequestId);
        const headers = lowerCaseHeaders(entry.headers);
        return inEnvelope(graphErrorDetails({ status, headers, body: undefined, clientRequestId: null }), envelope);
      };
      return body === undefined ? failedEntry(missingAnswer(fault())) : { result: { body, fault } };
    }
    const headers = lowerCaseHeaders(entry.headers);
    if (status === 401 || (status === 403 && claimsOf(headers['www-authenticate']) !== undefined)) {
      return { result: undefined };
    }
    const askedToWaitMs = retryAfterMs(headers['retry-after'], clock());
    const body = entry.body === null || entry.body === '' ? undefined : entry.body;
    const failure = graphFailure({ status, headers, body, clientRequestId: null, retryAfterMs: askedToWaitMs });
    const own = failure.details.graph;
    const result = failure.with({ graph: own && inEnvelope(own, envelope) });
    // As a single read that finds nothing, it has not failed.
    return result.code === 'NOT_FOUND' ? { result } : { result, attempt: { status, retryAfterMs: askedToWaitMs } };
  }
}

/** An entry may have ids of its own; else those of the envelope are all there is. */
function inEnvelope(own: GraphErrorDetails, { graph }: Envelope): GraphErrorDetails {
  const { requestId, clientRequestId, date } = own;
  return {
    ...own,
    requestId: requestId ?? graph.requestId,
    clientRequestId: clientRequestId ?? graph.clientRequestId,
    date: date ?? graph.date,
  };
}

/** No answer to an entry: it is not known to be passing, so it is not asked for again. */
function failedEntry(result: GatewayError): { readonly result: GatewayError; readonly attempt: AttemptFailure } {
  return { result, attempt: { kind: 'senseless' } };
}

/** Who throttles one entry throttles them all: none may go before the longest of their waits is over. */
function askedToWait(entry: FailedEntry, silence: number): FailedEntry {
  const { status, retryAfterMs = 0 } = entry.attempt;
  if (status !== 429 || silence <= retryAfterMs) return entry;
  return { ...entry, attempt: { status, retryAfterMs: silence } };
}

/** Graph spells the names of an entry's headers in several ways. */
function lowerCaseHeaders(headers: unknown): HttpHeaders {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(asRecord(headers) ?? {})) lower[name.toLowerCase()] = String(value);
  return lower;
}

function missingAnswer(graph: GraphErrorDetails): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Graph left this entry of a batch without an answer.', {
    graph,
  });
}
