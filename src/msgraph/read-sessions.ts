import { GatewayError } from '../errors.ts';
import type { BatchRead, BatchResult } from './batch.ts';
import { GRAPH_BATCH_LIMIT } from './batch.ts';
import type { GraphClient, GraphSession } from './graph-client.ts';
import { type GraphProperty, readSession, type SessionResult, sessionSegment } from './remote-help-session.ts';
import type { Selectable } from './selectable.ts';

/** A session to read, and the properties that are wanted of it. */
export interface SessionRead {
  readonly id: string;
  readonly properties: readonly GraphProperty[];
}

export interface SessionReader {
  /**
   * One id is one GET; more leave in batches of up to 20, side by side.
   * @returns one result for each read, in their order
   */
  read(reads: readonly SessionRead[], session: GraphSession): Promise<SessionResult[]>;
  /** Graph's object as it came. @throws GatewayError */
  readRaw(read: SessionRead, session: GraphSession): Promise<Record<string, unknown> | undefined>;
}

export interface SessionReaderOptions {
  readonly client: GraphClient;
  readonly batchRead: BatchRead;
  readonly selectable: Selectable;
  /** Path of the collection below the Graph root, without a leading slash. */
  readonly sessionsPath: string;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** How many single reads of one operation go out at once where Graph takes no batches. */
const SINGLE_READS_AT_ONCE = 4;
/** How long a Graph that refused a whole batch is not offered another one. */
const BATCH_REFUSAL_LIFE_MS = 10 * 60 * 1000;

export function createSessionReader(options: SessionReaderOptions): SessionReader {
  const { client, batchRead, selectable, sessionsPath, clock = Date.now } = options;
  let batchRefusedUntil = 0;

  const template = `/${sessionsPath}/{id}`;
  const path = (id: string, select: string) => `/${sessionsPath}/${sessionSegment(id)}?$select=${select}`;

  function readRaw({ id, properties }: SessionRead, session: GraphSession) {
    return selectable.ask(properties, async (select) => {
      const answer = await client.call({ method: 'GET', path: path(id, select), template, intent: 'read' }, session);
      return answer.body;
    });
  }

  async function readSingle(read: SessionRead, session: GraphSession): Promise<SessionResult> {
    try {
      return readSession(read.id, await readRaw(read, session));
    } catch (failure) {
      return nullIfNotFound(gatewayErrorOnly(failure));
    }
  }

  /** What a batch leaves open is undefined: Graph takes no batches, or wants another token for an entry. */
  async function readInBatches(reads: readonly SessionRead[], session: GraphSession): Promise<BatchResult[]> {
    const groups: Promise<BatchResult[]>[] = [];
    for (let start = 0; start < reads.length; start += GRAPH_BATCH_LIMIT) {
      groups.push(readBatch(reads.slice(start, start + GRAPH_BATCH_LIMIT), session));
    }
    return (await Promise.all(groups)).flat();
  }

  async function readBatch(group: readonly SessionRead[], session: GraphSession): Promise<BatchResult[]> {
    const selects = group.map(({ properties }) => selectable.select(properties));
    let results: BatchResult[];
    try {
      const paths = group.map(({ id }, index) => path(id, selects[index] ?? ''));
      results = await batchRead(paths, session);
    } catch (failure) {
      const error = gatewayErrorOnly(failure);
      if (!isRefusedBatch(error)) return group.map(() => error);
      batchRefusedUntil = clock() + BATCH_REFUSAL_LIFE_MS;
      return group.map(() => undefined);
    }
    const again = group.filter(({ properties }, index) =>
      selectable.isNarrower(results[index], properties, selects[index] ?? ''),
    );
    if (again.length === 0) return results;
    const answers = await readBatch(again, session);
    return results.map((result, index) => {
      const place = again.indexOf(group[index] as SessionRead);
      return place === -1 ? result : answers[place];
    });
  }

  return {
    readRaw,
    async read(reads, session) {
      const [first] = reads;
      if (first !== undefined && reads.length === 1) return [await readSingle(first, session)];
      const batched = clock() < batchRefusedUntil ? [] : await readInBatches(reads, session);
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
}

function toSession(id: string, result: NonNullable<BatchResult>): SessionResult {
  if (result instanceof GatewayError) return nullIfNotFound(result);
  try {
    return readSession(id, result);
  } catch (failure) {
    return gatewayErrorOnly(failure);
  }
}

function nullIfNotFound(error: GatewayError): GatewayError | null {
  return error.code === 'NOT_FOUND' ? null : error;
}

/** The envelope itself was refused: this Graph takes no batches for this resource. */
function isRefusedBatch({ details }: GatewayError): boolean {
  return details.graph?.status === 400 || details.graph?.status === 404;
}

/** What is not a GatewayError is a bug, and not an answer. */
function gatewayErrorOnly(failure: unknown): GatewayError {
  if (failure instanceof GatewayError) return failure;
  throw failure;
}
