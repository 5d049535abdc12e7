import { GatewayError } from '../../errors.ts';
import { type Reading, readingOf } from './reading.ts';
import {
  holdsValues,
  propertiesToCompare,
  type RemoteHelpSession,
  readSession,
  type SessionInput,
  sessionSegment,
  writtenSession,
} from './remote-help-session.ts';
import type { GraphProperty } from './session-properties.ts';
import type { SessionWrite, SessionWriteOptions } from './session-write.ts';

export interface SessionUpdate {
  readonly id: string;
  readonly input: SessionInput;
  /** What the client selected of the answer, for the cases in which it must be read. */
  readonly properties: readonly GraphProperty[];
}

/** Changes a session with one PATCH and answers it as Graph then holds it. */
export function updateSession(options: SessionWriteOptions): SessionWrite<SessionUpdate, RemoteHelpSession> {
  const { reader, sessionsPath, allowance, drift } = options;
  const done: Reading = { outcome: 'APPLIED', drift };
  return {
    request: ({ id, input }) => ({
      method: 'PATCH',
      path: `/${sessionsPath}/${sessionSegment(id)}`,
      template: `/${sessionsPath}/{id}`,
      body: JSON.stringify(writtenSession(input)),
    }),

    async read({ id, properties }, answer, session) {
      if (answer.body !== undefined) return readUpdated(id, answer.body, readingOf(answer, session, done));
      // 204, or a 200 without content: it is done, and what it came to must be read. That counts, as a look does.
      await allowance.spend(session.callerKey, 1);
      const found = await reader.readRaw({ id, properties }, session);
      return readSession(id, found.body, readingOf(found, session, done));
    },

    look: ({ id, input, properties }) => ({ id, properties: propertiesToCompare(input, properties) }),

    /** If all that was sent is there, the update has succeeded. */
    settle: ({ id, input }, found, session) =>
      found !== null && holdsValues(found.body, input)
        ? readSession(id, found.body, readingOf(found, session, done))
        : undefined,
  };
}

/** A success without a session in it is no word of Graph's: nobody knows what was done. */
function readUpdated(id: string, body: Record<string, unknown>, reading: Reading): RemoteHelpSession {
  try {
    return readSession(id, body, reading);
  } catch (failure) {
    throw failure instanceof GatewayError ? failure.with({ outcome: 'UNKNOWN' }) : failure;
  }
}
