import { GatewayError } from '../errors.ts';
import type { BatchRead, BatchResult } from './batch.ts';
import { GRAPH_BATCH_LIMIT } from './batch.ts';
import type { GraphClient, GraphSession } from './graph-client.ts';
import { type GraphProperty, readSession, type SessionResult, sessionSegment } from './remote-help-session.ts';

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
  const { client, batchRead, sessionsPath, clock = Date.now } = options;
  let batchRefusedUntil = 0;

  const path = ({ id, properties }: SessionRead) =>
    `/${sessionsPath}/${sessionSegment(id)}?$select=${properties.join(',')}`;

  async function readRaw(read: SessionRead, session: GraphSession) {
    const answer = await client.call({ method: 'GET', path: path(read), intent: 'read' }, session);
    return answer.body;
  }

  async function readSingly(
    reads: readonly SessionRead[],
    session: GraphSession,
  ): Promise<(BatchResult | undefined)[]> {
    const results: (BatchResult | undefined)[] = [];
    for (let start = 0; start < reads.length; start += SINGLE_READS_AT_ONCE) {
      const group = reads.slice(start, start + SINGLE_READS_AT_ONCE);
      results.push(...(await Promise.all(group.map((read) => readRaw(read, session).catch(gatewayErrorOnly)))));
    }
    return results;
  }

  /** Reads that a batch leaves open are undefined: Graph takes no batches, or wants another token for an entry. */
  async function readInBatches(
    reads: readonly SessionRead[],
    session: GraphSession,
  ): Promise<(BatchResult | undefined)[]> {
    const groups = chunk(reads, GRAPH_BATCH_LIMIT);
    const results = await Promise.all(
      groups.map(async (group) => {
        try {
          const paths = group.map(path);
          return (await batchRead(paths, session)).map((result) => (isRefusedToken(result) ? undefined : result));
        } catch (failure) {
          const error = gatewayErrorOnly(failure);
          if (!isRefusedBatch(error)) return group.map(() => error);
          batchRefusedUntil = clock() + BATCH_REFUSAL_LIFE_MS;
          return group.map(() => undefined);
        }
      }),
    );
    return results.flat();
  }

  return {
    readRaw,
    async read(reads, session) {
      const batched = reads.length > 1 && clock() >= batchRefusedUntil;
      const results = batched ? await readInBatches(reads, session) : reads.map(() => undefined);
      const open = reads.filter((_, index) => results[index] === undefined);
      const singles = await readSingly(open, session);
      return reads.map((read, index) => toSession(read.id, results[index] ?? singles[open.indexOf(read)]));
    },
  };
}

function toSession(id: string, result: BatchResult | undefined): SessionResult {
  if (result instanceof GatewayError) return result.code === 'NOT_FOUND' ? null : result;
  try {
    return readSession(id, result);
  } catch (failure) {
    return gatewayErrorOnly(failure);
  }
}

/** The envelope itself was refused: this Graph takes no batches for this resource. */
function isRefusedBatch({ details }: GatewayError): boolean {
  return details.graph?.status === 400 || details.graph?.status === 404;
}

/** A single read knows how to get a new token; an entry of a batch does not. */
function isRefusedToken(result: BatchResult): boolean {
  return result instanceof GatewayError && result.details.graph?.status === 401;
}

/** What is not a GatewayError is a bug, and not an answer. */
function gatewayErrorOnly(failure: unknown): GatewayError {
  if (failure instanceof GatewayError) return failure;
  throw failure;
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
