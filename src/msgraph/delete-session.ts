import { GatewayError } from '../errors.ts';
import type { GraphSession } from './graph-client.ts';
import { sessionSegment } from './remote-help-session.ts';
import { createSessionWrite } from './session-write.ts';
import type { SessionUpdaterOptions } from './update-session.ts';

/**
 * Deletes a session with one DELETE. @returns its id
 * @throws GatewayError with `outcome`: whether the session was deleted
 */
export type SessionDeleter = (id: string, session: GraphSession) => Promise<string>;

export function createSessionDeleter(options: SessionUpdaterOptions): SessionDeleter {
  const { reader, sessionsPath } = options;
  return createSessionWrite<string, string>(
    {
      request: (id) => ({
        method: 'DELETE',
        path: `/${sessionsPath}/${sessionSegment(id)}`,
        template: `/${sessionsPath}/{id}`,
        doneByStatus: true,
      }),

      read: (id) => id,

      /** A session that is not there any more was deleted; one that is there may still be about to go. */
      async look(id, session) {
        try {
          await reader.readRaw({ id, properties: [] }, session);
        } catch (failure) {
          if (failure instanceof GatewayError && failure.code === 'NOT_FOUND') return id;
        }
        return undefined;
      },
    },
    options,
  );
}
