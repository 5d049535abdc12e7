import { GatewayError } from '../../errors.ts';
import type { GraphDrift } from '../../observability/telemetry/graph-drift.ts';
import type { Allowance } from '../client/allowance.ts';
import type { BatchRead, BatchResult } from '../client/batch.ts';
import { GRAPH_BATCH_LIMIT, isRefusedBatch } from '../client/batch.ts';
import { createBatchRefusals } from '../client/batch-refusals.ts';
import type { GraphClient, GraphSession } from '../client/graph-client.ts';
import type { GraphAnswer } from '../client/read-graph-answer.ts';
import { readingOf } from './reading.ts';
import { readSession, type SessionResult, sessionSegment } from './remote-help-session.ts';
import type { Selectable } from './selectable.ts';
import type { GraphProperty } from './session-properties.ts';

/** A session to read, and the properties that are wanted of it. */
export interface SessionRead {
  readonly id: string;
  readonly properties: readonly GraphProperty[];
}

export interface SessionReader {
  /**
   * One id is one GET; more leave in batches of up to 20, side by side. Either all of them are paid and asked for, or
   * each result is the refusal RATE_LIMITED.
   * @returns one result for each read, in their order
   */
  read(reads: readonly SessionRead[], session: GraphSession): Promise<SessionResult[]>;
  /** Graph's answer as it came, for a request that is part of another and paid by it. @throws GatewayError */
  readRaw(read: SessionRead, session: GraphSession): Promise<GraphAnswer>;
}

export interface SessionReaderOptions {
  readonly client: GraphClient;
  readonly batchRead: BatchRead;
  readonly allowance: Allowance;
  readonly selectable: Selectable;
  /** Path of the collection below the Graph root, without a leading slash. */
  readonly sessionsPath: string;
  /** Told how Graph's objects differ from what is known of their type. */
  readonly drift?: GraphDrift | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Single reads of one operation that go out at once where Graph takes no batches: as many as Graph itself makes of one. */
const SINGLE_READS_AT_ONCE = GRAPH_BATCH_LIMIT;

export function createSessionReader(options: SessionReaderOptions): SessionReader {
  const { client, batchRead, allowance, selectable, sessionsPath, drift, clock = Date.now } = options;
  const refusals = createBatchRefusals(clock);

  const template = `/${sessionsPath}/{id}`;
  const path = (id: string, select: string) => `/${sessionsPath}/${sessionSegment(id)}?$select=${select}`;

  async function readRaw({ id, properties }: SessionRead, session: GraphSession) {
    for (;;) {
      const select = selectable.select(properties);
      try {
        return await client.call({ method: 'GET', path: path(id, select), template, intent: 'read' }, session);
      } catch (failure) {
        if (!selectable.isNarrower(failure, properties, select)) throw failure;
      }
    }
  }

  async function readSingle(read: SessionRead, session: GraphSession): Promise<SessionResult> {
    try {
      const answer = await readRaw(read, session);
      return readSession(read.id, answer.body, readingOf(answer, session, { drift }));
    } catch (failure) {
      return nullIfNotFound(gatewayErrorOnly(failure));
    }
  }

  /** What a batch leaves open is undefined: Graph did not take it, or a single call may do what an entry cannot. */
  async function readInBatches(reads: readonly SessionRead[], session: GraphSession): Promise<BatchResult[]> {
    const { callerKey } = session;
    if (refusals.stands(callerKey)) return [];
    const groups: Promise<BatchResult[] | GatewayError>[] = [];
    for (let start = 0; start < reads.length; start += GRAPH_BATCH_LIMIT) {
      groups.push(readBatch(reads.slice(start, start + GRAPH_BATCH_LIMIT), session));
    }
    const answers = await Promise.all(groups);
    const taken = answers.some((answer) => Array.isArray(answer));
    if (taken) refusals.note(callerKey, false);
    else if (answers.every((answer) => answer instanceof GatewayError && isGraphsOwn(answer))) {
      refusals.note(callerKey, true);
    }
    return answers.flatMap((answer, group) => {
      const size = Math.min(GRAPH_BATCH_LIMIT, reads.length - group * GRAPH_BATCH_LIMIT);
      return resultsOf(answer, size);
    });
  }

  /** @returns a result for each read, or the error of the envelope */
  async function readBatch(
    group: readonly SessionRead[],
    session: GraphSession,
  ): Promise<BatchResult[] | GatewayError> {
    const selects = group.map(({ properties }) => selectable.select(properties));
    let results: BatchResult[];
    try {
      const paths = group.map(({ id }, index) => path(id, selects[index] ?? ''));
      results = await batchRead(paths, session);
    } catch (failure) {
      return gatewayErrorOnly(failure);
    }
    const again = group.filter(({ properties }, index) =>
      selectable.isNarrower(results[index], properties, selects[index] ?? ''),
    );
    if (again.length === 0) return results;
    const answers = resultsOf(await readBatch(again, session), again.length);
    return results.map((result, index) => {
      const place = again.indexOf(group[index] as SessionRead);
      return place === -1 ? result : answers[place];
    });
  }

  return {
    readRaw,
    async read(reads, session) {
      const [first] = reads;
      let refusal = allowance.spend(session.callerKey, reads.length);
      if (refusal instanceof Promise) refusal = await refusal;
      if (refusal !== undefined) return new Array<SessionResult>(reads.length).fill(refusal);
      if (first !== undefined && reads.length === 1) return [await readSingle(first, session)];
      const batched = await readInBatches(reads, session);
      const results = new Array<SessionResult>(reads.length);
      const turns = reads.entries();
      const takeTurns = async () => {
        for (const [index, read] of turns) {
          const result = batched[index];
          results[index] = result === undefined ? await readSingle(read, session) : toSession(read.id, result);
        }
      };
      await Promise.all(Array.from({ length: SINGLE_READS_AT_ONCE }, takeTurns));
      return results;
    },
  };

  function toSession(id: string, result: NonNullable<BatchResult>): SessionResult {
    if (result instanceof GatewayError) return nullIfNotFound(result);
    try {
      return readSession(id, result.body, { drift, fault: result.fault });
    } catch (failure) {
      return gatewayErrorOnly(failure);
    }
  }
}

/** The error of an envelope is that of each of its entries, unless they can be read one by one. */
function resultsOf(answer: BatchResult[] | GatewayError, size: number): BatchResult[] {
  if (Array.isArray(answer)) return answer;
  return new Array<BatchResult>(size).fill(isRefusedBatch(answer) ? undefined : answer);
}

function nullIfNotFound(error: GatewayError): GatewayError | null {
  return error.code === 'NOT_FOUND' ? null : error;
}

/** Refused in Graph's own words, with a code, and not by the page of a proxy. */
function isGraphsOwn(error: GatewayError): boolean {
  return isRefusedBatch(error) && error.details.graph?.code !== null;
}

/** What is not a GatewayError is a bug, and not an answer. */
function gatewayErrorOnly(failure: unknown): GatewayError {
  if (failure instanceof GatewayError) return failure;
  throw failure;
}
