import { GatewayError } from '../errors.ts';
import type { UpdateRemoteHelpSessionResponseInput } from '../generated/graphql.ts';
import type { GraphSession } from './graph-client.ts';
import type { SessionReader } from './read-sessions.ts';
import {
  type GraphProperty,
  givenProperties,
  holdsValues,
  type RemoteHelpSession,
  readSession,
  sessionSegment,
  writtenSession,
} from './remote-help-session.ts';
import { createSessionWrite, type SessionWriteOptions } from './session-write.ts';

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

export interface SessionUpdaterOptions extends SessionWriteOptions {
  readonly reader: SessionReader;
  readonly sessionsPath: string;
}

export function createSessionUpdater(options: SessionUpdaterOptions): SessionUpdater {
  const { reader, sessionsPath, allowance } = options;
  const template = `/${sessionsPath}/{id}`;
  return createSessionWrite<SessionUpdate, RemoteHelpSession>(
    {
      request: ({ id, input }) => ({
        method: 'PATCH',
        path: `/${sessionsPath}/${sessionSegment(id)}`,
        template,
        body: JSON.stringify(writtenSession(input)),
      }),

      read: (update, { body }, session) =>
        body === undefined ? readBack(update, session) : readUpdated(update.id, body),

      /** If all that was sent is there, the update has succeeded. */
      async look({ id, input, properties }, session) {
        const written = writtenSession(input);
        const wanted = [...new Set([...givenProperties(written), ...properties])];
        const found = await reader.readRaw({ id, properties: wanted }, session);
        return holdsValues(found, written) ? readSession(id, found, 'APPLIED') : undefined;
      },
    },
    options,
  );

  /** After a 204, or a 200 without content: it is done, and what it came to must be read. That counts, as a look does. */
  async function readBack({ id, properties }: SessionUpdate, session: GraphSession): Promise<RemoteHelpSession> {
    await allowance.spend(session.callerKey, 1);
    return readSession(id, await reader.readRaw({ id, properties }, session), 'APPLIED');
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
