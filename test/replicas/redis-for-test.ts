import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, onTestFinished } from 'vitest';
import {
  installedRedis,
  type RedisProgram,
  type RedisServer,
  type RedisServerOptions,
  startRedis,
} from './redis-server.ts';

/**
 * A group of tests for each server that is installed; skipped, and said to be, where none is. On a machine that is busy
 * with other things Redis may be late, and then nothing is shared, as promised: a test that fails for that is tried anew.
 */
export function describeWithRedis(name: string, tests: (program: RedisProgram) => void, which = installedRedis) {
  if (which.length > 0) {
    for (const program of which) describe(`${name} (${program})`, { retry: 2 }, () => tests(program));
    return;
  }
  process.stderr.write(
    `SKIPPED: "${name}" needs redis-server or valkey-server (Debian: apt-get install redis-server)\n`,
  );
  describe.skip(`${name}: neither redis-server nor valkey-server is installed`, () => tests('redis-server'));
}

/** As `startRedis`; it ends with the test. */
export async function redisForTest(options?: RedisServerOptions): Promise<RedisServer> {
  const redis = await startRedis(options);
  onTestFinished(() => redis.stop());
  return redis;
}

/** Something that listens where Redis should, and answers everything with the same. */
export async function startNonsense(
  answer: string | Buffer,
): Promise<{ readonly url: string; readonly asked: () => number }> {
  const sockets = new Set<Socket>();
  let asked = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', () => {
      asked += 1;
      socket.write(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}
