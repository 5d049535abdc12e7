import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface ProcessLimits {
  /** Of V8's heap, for what lives long. */
  readonly heapMiB?: number | undefined;
  /** File descriptors. */
  readonly openFiles?: number | undefined;
  /** Of `node` itself. */
  readonly execArgs?: readonly string[];
  /** Of `node src/main.ts` itself. */
  readonly args?: readonly string[];
  /** Another copy of `src/main.ts`. */
  readonly main?: string;
}

/** The command that starts a gateway with these limits, and its arguments. */
export function gatewayCommand(limits: ProcessLimits = {}): readonly [command: string, args: string[]] {
  const { heapMiB, openFiles, execArgs = [], args = [], main = MAIN } = limits;
  const heap = heapMiB === undefined ? [] : [`--max-old-space-size=${heapMiB}`];
  const node = [...execArgs, ...heap, main, ...args];
  if (openFiles === undefined) return [process.execPath, node];
  return ['/bin/sh', ['-c', `ulimit -n ${openFiles} && exec "$@"`, 'sh', process.execPath, ...node]];
}
