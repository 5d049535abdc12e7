/**
 * `npm run doctor`: tries the configuration against Entra and Graph, one line a check, and changes nothing. Exit code 1
 * when a check failed, 2 when it was asked in a way that it does not understand.
 *
 *   --token FILE   a caller's token for the gateway (`-` for standard input); on the emulator one is made
 *   --json         `{ "checks": [{ "id", "status", "message", "fix" }] }`
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { wantsEmulator } from '../config.ts';
import type { CheckId, Finding } from './check.ts';
import { examine } from './examine.ts';

/** The promise is half a minute, whatever hangs; the rest is for the emulator and for the end. */
const WITHIN_MS = 26_000;

const { stdout, stderr } = process;

function options() {
  try {
    return parseArgs({
      options: { token: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    stderr.write(`${(error as Error).message}\nnpm run doctor -- [--token FILE] [--json]\n`);
    process.exit(2);
  }
}

/** What is given, without "Bearer " if somebody copied that too. */
async function readToken(file: string): Promise<string> {
  const given = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((error: unknown) => {
    throw new Error(`the token cannot be read from ${file} (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  });
  const token = given.trim().replace(/^Bearer\s+/i, '');
  if (token === '') throw new Error(`${file === '-' ? 'standard input' : file} holds no token`);
  return token;
}

function line(id: CheckId, { status, message, fix }: Finding): string {
  return `${status.padEnd(8)} ${id.padEnd(13)} ${message}${fix === undefined ? '' : `. ${fix}`}\n`;
}

const { values, positionals } = options();
const [envFile] = positionals;
if (envFile !== undefined && existsSync(envFile)) process.loadEnvFile(envFile);
let env: NodeJS.ProcessEnv = process.env;
const emulator = wantsEmulator(env) ? await (await import('../emulator/emulator.ts')).startEmulator() : undefined;
if (emulator !== undefined) {
  env = { ...env, ...emulator.env, no_proxy: '*' };
  if (!values.json) stdout.write('No AZURE_* setting is set: this examines the embedded emulator.\n');
}
const { token } = values;
const mint = emulator === undefined ? undefined : async () => emulator.entra.mintToken();
const findings = await examine({
  env,
  readToken: token === undefined ? mint : () => readToken(token),
  withinMs: WITHIN_MS,
  onFinding: (id, finding) => {
    if (!values.json) stdout.write(line(id, finding));
  },
});
if (values.json) {
  const checks = [...findings].map(([id, { status, message, fix = null }]) => ({ id, status, message, fix }));
  stdout.write(`${JSON.stringify({ checks }, null, 2)}\n`);
}
await emulator?.close();
process.exitCode = [...findings.values()].some(({ status }) => status === 'failed') ? 1 : 0;
// Whatever hangs must not keep it; what was written is out first.
stdout.write('', () => process.exit());
