import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { gatewayCommand, type ProcessLimits } from './gateway-command.ts';

export interface GatewayProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  stdout(): string;
  stderr(): string;
  /** The address it listens on, once it says so. Fails when it ends before. */
  url(): Promise<string>;
  /** Exit code and signal, once all its output is there. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** `node src/main.ts` with these settings and no others, on a free port; it is gone when the test is. */
export function startGatewayProcess(env: Record<string, string> = {}, limits: ProcessLimits = {}): GatewayProcess {
  const [command, args] = gatewayCommand(limits);
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const said = () => /^GraphQL at (http\S+)\/graphql/m.exec(stdout)?.[1];
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    async url() {
      let over = false;
      void ended.then(() => {
        over = true;
      });
      while (said() === undefined) {
        if (over) throw new Error(`the gateway ended before it listened: ${stderr}`);
        await Promise.race([once(child.stdout, 'data'), ended]);
      }
      // The rest of what it says at the start follows in the same write.
      await new Promise(setImmediate);
      return said() ?? '';
    },
  };
}
