import DataLoader from 'dataloader';
import type { GraphSession } from '../msgraph/client/graph-client.ts';
import type { SessionReader } from '../msgraph/sessions/read-sessions.ts';
import { type RemoteHelpSession, sessionSegment } from '../msgraph/sessions/remote-help-session.ts';
import type { GraphProperty } from '../msgraph/sessions/session-properties.ts';

/** Reads of one operation of one caller: each session once, with the properties of all its selections together. */
export interface SessionLoader {
  /**
   * Everything that is loaded in one tick is read together; an operation loads all that it reads in one.
   * @throws GatewayError
   */
  load(id: string, properties: readonly GraphProperty[]): Promise<RemoteHelpSession | null>;
}

export function createSessionLoader(reader: SessionReader, graph: GraphSession): SessionLoader {
  const wanted = new Map<string, readonly GraphProperty[]>();
  const readTogether = () =>
    new DataLoader<string, RemoteHelpSession | null>(
      (ids) =>
        reader.read(
          ids.map((id) => ({ id, properties: wanted.get(id) ?? [] })),
          graph,
        ),
      { name: 'RemoteHelpSessionResponse' },
    );
  // Made when it is wanted: an update has no use for it.
  let loader: ReturnType<typeof readTogether> | undefined;
  return {
    // Not async: a promise more for each of a hundred reads is a tenth of what they cost.
    load(id, properties) {
      const refusal = idRefusal(id);
      if (refusal !== undefined) return Promise.reject(refusal);
      wanted.set(id, merged(wanted.get(id), properties));
      loader ??= readTogether();
      return loader.load(id);
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
