import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface MeasuredServer {
  readonly name: string;
  readonly url: string;
  /** CPU time of the whole process so far, user and system, in microseconds, as the operating system counts it. */
  cpuMicros(): number;
  /** The most memory that the process ever held, in MiB. */
  peakMemoryMiB(): number;
  stop(): Promise<void>;
}

export interface Upstream {
  readonly env: Record<string, string>;
  /** Access tokens of so many users that nobody has seen before. */
  mint(count: number): Promise<string[]>;
  delay(milliseconds: number): Promise<void>;
  /** Calls to Entra since the last time. */
  countCalls(): Promise<{ token: number; discovery: number }>;
  stop(): Promise<void>;
}

/** The measured process has a core of its own; load and upstream share the other. */
const MEASURED_CORE = '0';
const OTHER_CORE = '1';
/** Linux counts CPU time in ticks of 10 ms. */
const MICROS_PER_TICK = 10_000;

export async function startServer(name: string, file: string, env: Record<string, string>): Promise<MeasuredServer> {
  const child = spawn(
    'taskset',
    ['-c', MEASURED_CORE, process.execPath, fileURLToPath(new URL(file, import.meta.url))],
    {
      env: { PATH: process.env.PATH, ...env },
      // Its log goes where a collector would read it, at no cost to the other core.
      stdio: ['ignore', 'pipe', openSync('/dev/null', 'w')],
    },
  );
  const url = await firstUrl(child);
  const stat = () => readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return {
    name,
    url,
    cpuMicros: () => (Number(stat()[11]) + Number(stat()[12])) * MICROS_PER_TICK,
    peakMemoryMiB: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    stop: () => stopped(child),
  };
}

export async function startUpstream(): Promise<Upstream> {
  const child = fork(fileURLToPath(new URL('upstream.ts', import.meta.url)));
  pinToOtherCore(child.pid);
  const ask = async (order: object) => {
    child.send(order);
    return (await once(child, 'message'))[0] as never;
  };
  const [env] = (await once(child, 'message')) as [Record<string, string>];
  return {
    env,
    mint: (mint) => ask({ mint }),
    delay: async (delayMs) => void (await ask({ delayMs })),
    countCalls: () => ask({ count: true }),
    stop: () => stopped(child),
  };
}

export interface TokenCacheResult {
  /** Microseconds of CPU for a hit, one for each round. */
  readonly hits: number[];
  readonly residentMiB: number;
}

export async function measureTokenCache(): Promise<TokenCacheResult> {
  const child = fork(fileURLToPath(new URL('token-cache.ts', import.meta.url)), { execArgv: ['--expose-gc'] });
  const [result] = (await once(child, 'message')) as [TokenCacheResult];
  await stopped(child);
  return result;
}

export function pinToOtherCore(pid = process.pid): void {
  spawn('taskset', ['-a', '-p', '-c', OTHER_CORE, String(pid)], { stdio: 'ignore' });
}

async function firstUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output to read');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    // A log line may name Entra's or Graph's address.
    const url = line.startsWith('{') ? undefined : /https?:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url === undefined) continue;
    child.stdout.resume();
    return url;
  }
  throw new Error('the server ended before it listened');
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
