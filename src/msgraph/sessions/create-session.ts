import { type Reading, readingOf } from './reading.ts';
import {
  holdsValues,
  propertiesToCompare,
  type RemoteHelpSession,
  readCreatedSession,
  type SessionInput,
  writtenSession,
} from './remote-help-session.ts';
import type { GraphProperty } from './session-properties.ts';
import type { SessionWrite, SessionWriteOptions } from './session-write.ts';

export interface SessionCreation {
  readonly input: SessionInput;
  /** What the client selected of the answer, for the case in which it must be read. */
  readonly properties: readonly GraphProperty[];
}

/** Makes a session with one POST and answers it as Graph then holds it. */
export function createSession(options: SessionWriteOptions): SessionWrite<SessionCreation, RemoteHelpSession> {
  const { sessionsPath, drift } = options;
  const path = `/${sessionsPath}`;
  const done: Reading = { outcome: 'APPLIED', drift };
  return {
    request: ({ input }) => ({
      method: 'POST',
      path,
      template: path,
      body: JSON.stringify(writtenSession(input)),
      alwaysThere: true,
      doneByStatus: true,
    }),

    read: (_creation, answer, session) => readCreatedSession(answer.body, readingOf(answer, session, done)),

    /** Only a session key tells which session to look for. */
    look({ input, properties }) {
      const { sessionKey: id } = input;
      return id ? { id, properties: propertiesToCompare(input, properties) } : undefined;
    },

    /** If all that was sent is there, it was created. */
    settle: ({ input }, found, session) =>
      found !== null && holdsValues(found.body, input)
        ? readCreatedSession(found.body, readingOf(found, session, done))
        : undefined,
  };
}
