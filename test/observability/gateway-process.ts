import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface GatewayProcess {
  /** Sends the very operation that the process prints as its first example. */
  update(): Promise<{ readonly data?: unknown; readonly errors?: unknown }>;
  /** Ends the process and gives its exit code. */
  stop(): Promise<number | null>;
  /** What it has written so far. */
  output(): string;
}

/** A real gateway on the embedded emulator, in a process of its own; killed when the test ends. */
export async function startGatewayProcess(
  env: Record<string, string>,
  nodeOptions: string[] = [],
): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [...nodeOptions, MAIN], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', SHUTDOWN_DRAIN_MS: '0', ...env },
  });
  const exited = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const example = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('curl ')) resolve(line);
    });
    void exited.then(() => reject(new Error(`it did not start: ${output}`)));
  });
  const [, url = '', authorization = '', body = ''] =
    /^curl -s (\S+) .*'authorization: ([^']+)' -d '(.*)'$/.exec(example) ?? [];
  return {
    async update() {
      const headers = { 'content-type': 'application/json', authorization };
      const answer = await fetch(url, { method: 'POST', headers, body });
      return (await answer.json()) as { data?: unknown; errors?: unknown };
    },
    async stop() {
      child.kill('SIGTERM');
      const [code] = (await exited) as [number | null];
      return code;
    },
    output: () => output,
  };
}
