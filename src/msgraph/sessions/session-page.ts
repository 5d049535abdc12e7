import { GatewayError } from '../../errors.ts';
import type { GraphDrift } from '../../observability/telemetry/graph-drift.ts';
import type { Allowance } from '../client/allowance.ts';
import type { GraphClient, GraphSession } from '../client/graph-client.ts';
import type { GraphAnswer } from '../client/read-graph-answer.ts';
import { continuationOf } from './continuation.ts';
import { decodeCursor, encodeCursor, type PagePosition } from './page-cursor.ts';
import { type Reading, readingOf, senseless } from './reading.ts';
import { readListedSession, type SessionResult } from './remote-help-session.ts';
import type { Selectable } from './selectable.ts';
import type { GraphProperty } from './session-properties.ts';

export interface SessionPageRequest {
  /** How many sessions at most. */
  readonly first: number;
  readonly after: string | undefined;
  readonly properties: readonly GraphProperty[];
}

export interface SessionPage {
  /** A cursor that cannot be made has an error in its place, as `endCursor` has. */
  readonly entries: { readonly cursor: string; readonly node: SessionResult }[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Where the list continues; also set when the page is empty and more may follow. */
  readonly endCursor: string | null;
}

/**
 * One page of the collection. @throws GatewayError BAD_USER_INPUT for a cursor that no gateway made, RATE_LIMITED,
 * UPSTREAM_UNAVAILABLE when Graph's continuation leads elsewhere
 */
export type SessionPageReader = (request: SessionPageRequest, session: GraphSession) => Promise<SessionPage>;

export interface SessionPageReaderOptions {
  readonly client: GraphClient;
  readonly allowance: Allowance;
  readonly selectable: Selectable;
  readonly baseUrl: string;
  readonly sessionsPath: string;
  /** Told how Graph's objects differ from what is known of their type. */
  readonly drift?: GraphDrift | undefined;
}

const STRANGE_CONTINUATION = 'Microsoft Graph continues the list in a way that cannot be followed.';

/** Graph may answer an empty page that continues; so many are passed over before the client is told to go on. */
const MAX_EMPTY_PAGES = 5;

export function createSessionPageReader(options: SessionPageReaderOptions): SessionPageReader {
  const { client, allowance, selectable, baseUrl, sessionsPath, drift } = options;
  const collection = new URL(`${baseUrl}/${sessionsPath}`);

  return async ({ first, after, properties }, session) => {
    const start = after === undefined ? { page: '', skip: 0, top: first } : decodeCursor(after);
    if (start === undefined) {
      throw new GatewayError('BAD_USER_INPUT', '"after" is not a cursor that this gateway made.');
    }
    // Within a page, what was already given counts for the size that the page then had.
    let position: PagePosition = start.skip === 0 ? { ...start, top: first } : start;
    for (let pages = 1; ; pages += 1) {
      const { entries, next, reading } = await readPage(position, properties, session);
      const rest = entries.slice(position.skip, position.skip + first);
      const taken = position.skip + rest.length;
      const further = next === undefined ? undefined : { page: next, skip: 0, top: first };
      const end = taken < entries.length ? { ...position, skip: taken } : further;
      if (rest.length === 0 && end !== undefined && pages < MAX_EMPTY_PAGES) {
        position = end;
        continue;
      }
      const edges = rest.map((entry, index) => {
        const last = index === rest.length - 1 && end !== undefined;
        const behind = last ? end : { ...position, skip: position.skip + index + 1 };
        let cursor: string | undefined;
        return {
          // Made when somebody selects it, and once, under however many aliases: each holds all that continues the list.
          get cursor() {
            cursor ??= cursorOf(behind, reading);
            return cursor;
          },
          node: readListedSession(entry, reading),
        };
      });
      return {
        entries: edges,
        hasNextPage: end !== undefined,
        hasPreviousPage: after !== undefined,
        endCursor: edges.at(-1)?.cursor ?? (end === undefined ? null : cursorOf(end, reading)),
      };
    }
  };

  async function readPage({ page, top }: PagePosition, properties: readonly GraphProperty[], session: GraphSession) {
    const refusal = await allowance.spend(session.callerKey, 1);
    if (refusal !== undefined) throw refusal;
    const query = page === '' ? `$top=${top}` : `${page}&$top=${top}`;
    const answer = await callCollection(query, properties, session);
    const reading = readingOf(answer, session, { drift });
    const entries: unknown = answer.body?.value;
    if (!Array.isArray(entries)) throw senseless(reading);
    return { entries: entries as unknown[], next: next(answer.body?.['@odata.nextLink'], reading), reading };
  }

  async function callCollection(
    query: string,
    properties: readonly GraphProperty[],
    session: GraphSession,
  ): Promise<GraphAnswer> {
    for (;;) {
      const select = selectable.select(properties);
      const path = `/${sessionsPath}?${query}&$select=${select}`;
      try {
        const request = {
          method: 'GET',
          path,
          template: `/${sessionsPath}`,
          intent: 'read',
          alwaysThere: true,
        } as const;
        return await client.call(request, session);
      } catch (failure) {
        if (!selectable.isNarrower(failure, properties, select)) throw failure;
      }
    }
  }

  function next(nextLink: unknown, reading: Reading): string | undefined {
    if (nextLink === undefined || nextLink === null) return undefined;
    const page = continuationOf(nextLink, collection);
    if (page === undefined) throw senseless(reading, STRANGE_CONTINUATION);
    return page;
  }
}

/** Or the error in its place, which is thrown where the cursor is selected: the entries stay. */
function cursorOf(position: PagePosition, reading: Reading): string {
  return encodeCursor(position) ?? (senseless(reading, STRANGE_CONTINUATION) as never);
}
