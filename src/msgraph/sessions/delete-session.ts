import { sessionSegment } from './remote-help-session.ts';
import type { SessionWrite, SessionWriteOptions } from './session-write.ts';

export interface SessionDeletion {
  readonly id: string;
}

/** Deletes a session with one DELETE and answers its id. */
export function deleteSession({ sessionsPath }: SessionWriteOptions): SessionWrite<SessionDeletion, string> {
  return {
    request: ({ id }) => ({
      method: 'DELETE',
      path: `/${sessionsPath}/${sessionSegment(id)}`,
      template: `/${sessionsPath}/{id}`,
      doneByStatus: true,
    }),

    read: ({ id }) => id,

    look: ({ id }) => ({ id, properties: [] }),

    /** A session that is not there any more was deleted; one that is there may still be about to go. */
    settle: ({ id }, found) => (found === null ? id : undefined),
  };
}
