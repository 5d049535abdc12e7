import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { gatewayCommand, type ProcessLimits } from '../support/gateway-command.ts';
import type { Probe } from './probe.ts';

const PROBE = new URL('./probe.ts', import.meta.url).href;

export interface GatewayChild {
  readonly url: string;
  /** Memory after a collection, and open sockets. */
  probe(): Promise<Probe>;
  /** @returns the exit code. */
  stop(): Promise<number | null>;
  kill(): void;
  readonly pid: number;
  /** Whether it still runs. */
  readonly alive: boolean;
  readonly logLines: number;
  /** Lines of level warn and above. */
  readonly troubles: number;
  /** Lines of level error, by their message. */
  readonly errors: ReadonlyMap<string, number>;
  /** Log lines that hold what no log line may hold. */
  readonly leaks: number;
}

/** A gateway in a process of its own, with a probe inside. */
export async function startGatewayChild(
  env: Record<string, string>,
  secret: RegExp,
  limits: ProcessLimits = {},
): Promise<GatewayChild> {
  const [command, args] = gatewayCommand({ ...limits, execArgs: ['--expose-gc', '--import', PROBE] });
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const errors = new Map<string, number>();
  let [logLines, troubles, leaks] = [0, 0, 0];
  let found: (url: string) => void = () => {};
  const listening = new Promise<string>((resolve, reject) => {
    found = resolve;
    void exited.then(([code]) => reject(new Error(`the gateway ended with code ${code}`)));
  });
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const url = /^GraphQL at (http\S+)\/graphql/.exec(line)?.[1];
      if (url !== undefined) found(url);
      logLines += 1;
      if (secret.test(line)) leaks += 1;
      if (/^\{"level":[4-6]0/.test(line)) troubles += 1;
      if (line.startsWith('{"level":50')) {
        const { msg } = JSON.parse(line) as { msg: string };
        errors.set(msg, (errors.get(msg) ?? 0) + 1);
      }
    }
  });
  return {
    url: await listening,
    async probe() {
      child.send('probe');
      const [probe] = (await once(child, 'message')) as [Probe];
      return probe;
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = (await exited) as [number | null];
      return code;
    },
    kill: () => void child.kill('SIGKILL'),
    pid: child.pid ?? 0,
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
    get logLines() {
      return logLines;
    },
    get troubles() {
      return troubles;
    },
    errors,
    get leaks() {
      return leaks;
    },
  };
}
