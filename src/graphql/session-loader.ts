import DataLoader from 'dataloader';
import type { GraphSession } from '../msgraph/graph-client.ts';
import type { SessionReader } from '../msgraph/read-sessions.ts';
import { type GraphProperty, type RemoteHelpSession, sessionSegment } from '../msgraph/remote-help-session.ts';

/** Reads of one operation of one caller: each session once, with the properties of all its selections together. */
export interface SessionLoader {
  /** @throws GatewayError */
  load(id: string, properties: readonly GraphProperty[]): Promise<RemoteHelpSession | null>;
  /**
   * What an update answered takes the place of what was read before.
   * @param properties what the answer is known to hold; a read of more than that asks Graph
   */
  refresh(id: string, session: RemoteHelpSession, properties: readonly GraphProperty[]): void;
}

export function createSessionLoader(reader: SessionReader, graph: GraphSession): SessionLoader {
  const wanted = new Map<string, readonly GraphProperty[]>();
  /** The properties of each id that were already asked for. */
  const asked = new Map<string, readonly GraphProperty[]>();
  const loader = new DataLoader<string, RemoteHelpSession | null>(
    (ids) => {
      const reads = ids.map((id) => ({ id, properties: wanted.get(id) ?? [] }));
      for (const { id, properties } of reads) asked.set(id, properties);
      return reader.read(reads, graph);
    },
    { name: 'RemoteHelpSessionResponse' },
  );
  return {
    // Not async: a promise more for each of a hundred reads is a tenth of what they cost.
    load(id, properties) {
      const refusal = idRefusal(id);
      if (refusal !== undefined) return Promise.reject(refusal);
      wanted.set(id, merged(wanted.get(id), properties));
      const before = asked.get(id);
      if (before !== undefined && merged(before, properties) !== before) {
        asked.delete(id);
        loader.clear(id);
      }
      return loader.load(id);
    },
    refresh(id, session, properties) {
      loader.clear(id).prime(id, session);
      asked.set(id, properties);
    },
  };
}

function idRefusal(id: string): unknown {
  try {
    sessionSegment(id);
    return undefined;
  } catch (refusal) {
    return refusal;
  }
}

/** The same array when it holds all of `more` already, as it does for most of the fields of an operation. */
function merged(some: readonly GraphProperty[] | undefined, more: readonly GraphProperty[]): readonly GraphProperty[] {
  if (some === undefined || some === more) return more;
  const missing = more.filter((property) => !some.includes(property));
  return missing.length === 0 ? some : [...some, ...missing];
}
