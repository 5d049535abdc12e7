import { createSession } from './create-session.ts';
import { deleteSession } from './delete-session.ts';
import { createSessionWrite, type SessionWriteOptions } from './session-write.ts';
import { updateSession } from './update-session.ts';

/** The ways of changing sessions: one row each. */
export type SessionWrites = ReturnType<typeof createSessionWrites>;

export function createSessionWrites(options: SessionWriteOptions) {
  return {
    update: createSessionWrite(updateSession(options), options),
    create: createSessionWrite(createSession(options), options),
    delete: createSessionWrite(deleteSession(options), options),
  };
}
