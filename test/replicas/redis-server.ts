import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';

const programs = ['redis-server', 'valkey-server'] as const;
export type RedisProgram = (typeof programs)[number];

/** What is installed here. */
export const installedRedis = programs.filter((program) => spawnSync(program, ['--version']).status === 0);

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

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  server.close();
  await once(server, 'close');
  return address.port;
}
