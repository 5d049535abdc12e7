import { createClient } from '@redis/client';

/** A frozen Redis keeps its connections: without a word for so long, pings included, one is given up. */
const SILENCE_MS = 1_000;
const PING_MS = 300;
/** Commands on their way: about 3 KiB each, and more only wait for a Redis that has stopped reading. */
const MAX_COMMANDS = 2_000;
/** Between two tries to connect. */
const MAX_PAUSE_MS = 1_000;

export type RedisClient = ReturnType<typeof createRedisClient>;

/** The library's client, not connected yet, that fails early instead of keeping questions. @throws for a bad URL */
export function createRedisClient(url: string) {
  return createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_COMMANDS,
    pingInterval: PING_MS,
    // Neither is of use here, and both want rights.
    maintNotifications: 'disabled',
    disableClientInfo: true,
    // Ours counts from the question, the library's until it is sent, with a signal for each command.
    commandOptions: { timeout: 0 },
    socket: {
      connectTimeout: 2_000,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (retries: number) => Math.min(MAX_PAUSE_MS, 50 * 2 ** retries),
    },
  });
}
