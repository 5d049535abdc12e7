import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { afterAll, describe, onTestFinished } from 'vitest';

const programs = ['redis-server', 'valkey-server'] as const;
export type RedisProgram = (typeof programs)[number];

/** What is installed here; the rest is said to be missing, once for each file of tests. */
export const installed = programs.filter((program) => spawnSync(program, ['--version']).status === 0);

/** A group of tests for each server that is installed; skipped, and said to be, where none is. */
export function describeWithRedis(name: string, tests: (program: RedisProgram) => void, which = installed) {
  if (which.length > 0) {
    for (const program of which) describe(`${name} (${program})`, () => tests(program));
    return;
  }
  process.stderr.write(
    `SKIPPED: "${name}" needs redis-server or valkey-server (Debian: apt-get install redis-server)\n`,
  );
  describe.skip(`${name}: neither redis-server nor valkey-server is installed`, () => tests('redis-server'));
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Dies at once, with all that it knew. */
  kill(): Promise<void>;
  /** Holds its connections and says nothing. */
  freeze(): void;
  thaw(): void;
  /** Starts again on the same port, empty. */
  start(): Promise<void>;
  /** As somebody who has Redis: every key with its value, as far as it has a plain one. */
  dump(): Promise<Map<string, string>>;
  command(...args: string[]): Promise<unknown>;
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  readonly program?: RedisProgram;
  readonly password?: string;
  readonly args?: readonly string[];
  /** Not started yet. */
  readonly later?: boolean;
  readonly port?: number;
  /** How tests reach it themselves; `plainPort` beside a server with TLS. */
  readonly plainPort?: number;
}

/** A real server on a free port of loopback, which keeps nothing on disk. Whoever starts it stops it. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const port = options.port ?? (await freePort());
  const { program = 'redis-server', password, args = [] } = options;
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  let child: ChildProcess | undefined;

  async function start() {
    const made = spawn(program, [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
      ...(password === undefined ? [] : ['--requirepass', password]),
      ...args,
    ]);
    child = made;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      made.stdout.on('data', (chunk) => {
        output += chunk;
        if (output.includes('Ready to accept connections')) resolve();
      });
      made.once('exit', () => reject(new Error(`${program} ended: ${output}`)));
    });
  }

  async function kill() {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async function withClient<T>(use: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
    const client = createClient({
      socket: { host: '127.0.0.1', port: options.plainPort ?? port },
      ...(password !== undefined && { password }),
    });
    client.on('error', () => {});
    await client.connect();
    try {
      return await use(client as ReturnType<typeof createClient>);
    } finally {
      client.destroy();
    }
  }

  if (options.later !== true) await start();
  return {
    port,
    url: `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
    start,
    kill,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    command: (...command) => withClient((client) => client.sendCommand(command)),
    dump: () =>
      withClient(async (client) => {
        const keys = (await client.sendCommand(['KEYS', '*'])) as unknown as string[];
        const values = await Promise.all(
          keys.map(async (key) => [key, String(await client.sendCommand(['GET', key]))]),
        );
        return new Map(values as [string, string][]);
      }),
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** As `startRedis`; it ends with the test. */
export async function redisForTest(options?: RedisServerOptions): Promise<RedisServer> {
  const redis = await startRedis(options);
  onTestFinished(() => redis.stop());
  return redis;
}

/** As `startRedis`; it ends with the group of tests. */
export async function redisForAll(options?: RedisServerOptions): Promise<RedisServer> {
  const redis = await startRedis(options);
  afterAll(() => redis.stop());
  return redis;
}

/** Something that listens where Redis should, and answers everything with the same. */
export async function startNonsense(
  answer: string | Buffer,
): Promise<{ readonly url: string; readonly asked: () => number }> {
  const sockets = new Set<Socket>();
  let asked = 0;
  const server: Server = createServer((socket) => {
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
  return { url: `redis://127.0.0.1:${portOf(server)}`, asked: () => asked };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
