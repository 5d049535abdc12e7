import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface LoggingProcess {
  readonly child: ChildProcess;
  readonly emulator: Emulator;
  /** Sends an operation. @returns its `x-request-id`, once its answer is there */
  ask(document: string): Promise<string>;
  /** How much memory it holds. */
  residentMiB(): number;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** `node src/main.ts` with its standard output wherever a test wants it, and not read by anybody to find its address. */
export async function startLoggingProcess(
  stdout: number | 'pipe',
  env: Record<string, string> = {},
): Promise<LoggingProcess> {
  const emulator = await startEmulator();
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH ?? '',
      ...emulator.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      SHUTDOWN_DRAIN_MS: '0',
      RATE_LIMIT_PER_MINUTE: '0',
      GRAPH_REQUESTS_PER_MINUTE: '0',
      ...env,
    },
    stdio: ['ignore', stdout, 'inherit'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const agent = new Agent({ connections: 64 });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    await agent.destroy();
    await emulator.close();
  });
  const url = `http://127.0.0.1:${port}`;
  const token = await emulator.entra.mintToken();
  for (;;) {
    const alive = await request(`${url}/livez`, { dispatcher: agent }).then(
      ({ body }) => body.dump().then(() => true),
      () => false,
    );
    if (alive) break;
    if (child.exitCode !== null) throw new Error('the gateway ended before it listened');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    child,
    emulator,
    ended,
    async ask(document) {
      const { headers, body } = await request(`${url}/graphql`, {
        dispatcher: agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: document }),
      });
      const answer = (await body.json()) as { errors?: unknown };
      if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
      return String(headers['x-request-id']);
    },
    residentMiB: () => residentMiB(child.pid ?? 0),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function residentMiB(pid: number): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}
