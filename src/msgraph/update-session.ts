import { GatewayError } from '../errors.ts';
import type { UpdateRemoteHelpSessionResponseInput } from '../generated/graphql.ts';
import type { GraphClient, GraphSession } from './graph-client.ts';
import type { SessionReader } from './read-sessions.ts';
import {
  type GraphProperty,
  holdsPatch,
  patchBody,
  type RemoteHelpSession,
  readSession,
  sessionSegment,
} from './remote-help-session.ts';

export interface SessionUpdate {
  readonly id: string;
  readonly input: UpdateRemoteHelpSessionResponseInput;
  /** What the client selected of the answer, for the cases in which it must be read. */
  readonly properties: readonly GraphProperty[];
}

/**
 * Changes a session with one PATCH and answers it as Graph then holds it.
 * @throws GatewayError with `outcome`: whether the session was changed
 */
export type SessionUpdater = (update: SessionUpdate, session: GraphSession) => Promise<RemoteHelpSession>;

export interface SessionUpdaterOptions {
  readonly client: GraphClient;
  readonly reader: SessionReader;
  readonly sessionsPath: string;
}

export function createSessionUpdater({ client, reader, sessionsPath }: SessionUpdaterOptions): SessionUpdater {
  const template = `/${sessionsPath}/{id}`;
  return async ({ id, input, properties }, session) => {
    const { path, patch } = request(id, input);
    const sent = Object.keys(patch).filter((name): name is GraphProperty => name !== '@odata.type');
    const readBack = { id, properties: [...new Set([...sent, ...properties])] };
    try {
      const call = { method: 'PATCH', path, template, body: JSON.stringify(patch), intent: 'update' } as const;
      const { body } = await client.call(call, session);
      if (body !== undefined) return readUpdated(id, body);
    } catch (failure) {
      if (!(failure instanceof GatewayError) || failure.details.outcome !== 'UNKNOWN') throw failure;
      // Nobody knows whether Graph did it. If all that was sent is there, the update has succeeded.
      const found = await reader.readRaw(readBack, session).catch(() => undefined);
      if (!holdsPatch(found, patch)) throw failure;
      return readSession(id, found, 'APPLIED');
    }
    // 204, or a 200 without content: it is done, and what it came to must be read.
    try {
      return readSession(id, await reader.readRaw({ id, properties }, session), 'APPLIED');
    } catch (failure) {
      throw failure instanceof GatewayError ? failure.with({ outcome: 'APPLIED' }) : failure;
    }
  };

  function request(id: string, input: UpdateRemoteHelpSessionResponseInput) {
    try {
      return { path: `/${sessionsPath}/${sessionSegment(id)}`, patch: patchBody(input) };
    } catch (failure) {
      throw failure instanceof GatewayError ? failure.with({ outcome: 'NOT_APPLIED' }) : failure;
    }
  }
}

/** A success without a session in it is no word of Graph's: nobody knows what was done. */
function readUpdated(id: string, body: Record<string, unknown>): RemoteHelpSession {
  try {
    return readSession(id, body, 'APPLIED');
  } catch (failure) {
    throw failure instanceof GatewayError ? failure.with({ outcome: 'UNKNOWN' }) : failure;
  }
}
