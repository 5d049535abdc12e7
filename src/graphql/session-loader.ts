import DataLoader from 'dataloader';
import type { GraphSession } from '../msgraph/graph-client.ts';
import type { SessionReader } from '../msgraph/read-sessions.ts';
import { type GraphProperty, type RemoteHelpSession, sessionSegment } from '../msgraph/remote-help-session.ts';

/** Reads of one operation of one caller: each session once, with the properties of all its selections together. */
export interface SessionLoader {
  /** @throws GatewayError */
  load(id: string, properties: readonly GraphProperty[]): Promise<RemoteHelpSession | null>;
  /** What an update answered takes the place of what was read before. */
  refresh(id: string, session: RemoteHelpSession): void;
}

export function createSessionLoader(reader: SessionReader, graph: GraphSession): SessionLoader {
  const wanted = new Map<string, Set<GraphProperty>>();
  /** The properties of each id that was already asked for. */
  const asked = new Map<string, ReadonlySet<GraphProperty>>();
  const loader = new DataLoader<string, RemoteHelpSession | null>(
    (ids) => {
      const reads = ids.map((id) => ({ id, properties: [...(wanted.get(id) ?? [])] }));
      for (const { id, properties } of reads) asked.set(id, new Set(properties));
      return reader.read(reads, graph);
    },
    { name: 'RemoteHelpSessionResponse' },
  );
  return {
    async load(id, properties) {
      sessionSegment(id);
      wanted.set(id, new Set(wanted.get(id)).union(new Set(properties)));
      const before = asked.get(id);
      if (before !== undefined && !properties.every((property) => before.has(property))) loader.clear(id);
      return loader.load(id);
    },
    refresh(id, session) {
      loader.clear(id).prime(id, session);
      asked.delete(id);
    },
  };
}
