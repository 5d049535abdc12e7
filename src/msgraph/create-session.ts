import type { UpdateRemoteHelpSessionResponseInput } from '../generated/graphql.ts';
import type { GraphSession } from './graph-client.ts';
import { unknownPath } from './graph-failure.ts';
import {
  type GraphProperty,
  givenProperties,
  holdsValues,
  type RemoteHelpSession,
  readCreatedSession,
  writtenSession,
} from './remote-help-session.ts';
import { createSessionWrite } from './session-write.ts';
import type { SessionUpdaterOptions } from './update-session.ts';

export interface SessionCreation {
  /** The fields of an update. */
  readonly input: UpdateRemoteHelpSessionResponseInput;
  /** What the client selected of the answer, for the case in which it must be read. */
  readonly properties: readonly GraphProperty[];
}

/**
 * Creates a session with one POST and answers it as Graph then holds it.
 * @throws GatewayError with `outcome`: whether the session was created
 */
export type SessionCreator = (creation: SessionCreation, session: GraphSession) => Promise<RemoteHelpSession>;

export function createSessionCreator(options: SessionUpdaterOptions): SessionCreator {
  const { reader, sessionsPath } = options;
  const path = `/${sessionsPath}`;
  return createSessionWrite<SessionCreation, RemoteHelpSession>(
    {
      request: ({ input }) => ({
        method: 'POST',
        path,
        template: path,
        body: JSON.stringify(writtenSession(input)),
        doneByStatus: true,
      }),

      /** A collection is always there: not found means that the path is not one of Graph's. */
      refusal(failure) {
        const { graph } = failure.details;
        if (failure.code !== 'NOT_FOUND' || graph === undefined) return failure;
        return unknownPath(graph).with({ outcome: 'NOT_APPLIED' });
      },

      read: (_creation, { body }) => readCreatedSession(body),

      /** Only a session key tells which session to look for; if all that was sent is there, it was created. */
      async look({ input, properties }, session) {
        const { sessionKey } = input;
        if (typeof sessionKey !== 'string') return undefined;
        const written = writtenSession(input);
        const wanted = [...new Set([...givenProperties(written), ...properties])];
        const found = await reader.readRaw({ id: sessionKey, properties: wanted }, session);
        return holdsValues(found, written) ? readCreatedSession(found) : undefined;
      },
    },
    options,
  );
}
