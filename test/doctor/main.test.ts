import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';

const MAIN = fileURLToPath(new URL('../../src/doctor/main.ts', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `node src/doctor/main.ts` with these words, these settings and nothing else. */
function doctor(words: readonly string[], env: Record<string, string> = {}, input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH ?? '', ...env } };
    const child = execFile(process.execPath, [MAIN, ...words], options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

async function emulator() {
  const started = await startEmulator();
  onTestFinished(() => started.close());
  return started;
}

test('without settings it examines an emulator of its own, a line a check, and all is well', async () => {
  const { code, stdout, stderr } = await doctor([]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.match(/^ok {7}[a-z-]+ /gm)).toHaveLength(11);
});

test('--json says the same for programs', async () => {
  const { entra, env } = await emulator();
  const token = await entra.mintToken();
  const { code, stdout } = await doctor(['--json', '--token', '-'], env, `Bearer ${token}\n`);
  const { checks } = JSON.parse(stdout) as { checks: Record<string, unknown>[] };
  expect(code).toBe(0);
  expect(checks).toHaveLength(11);
  for (const check of checks) {
    expect(Object.keys(check)).toEqual(['id', 'status', 'message', 'fix']);
    expect(check).toMatchObject({ status: 'ok', fix: null });
  }
  expect(stdout).not.toContain(token);
});

test('a failed check is exit code 1', async () => {
  const { env } = await emulator();
  const { code, stdout } = await doctor([], { ...env, AZURE_CLIENT_SECRET: 'wrong' });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^failed {3}credential .*AADSTS7000215.*AZURE_CLIENT_SECRET/m);
});

test('a token file that cannot be read, or is empty, is a failed check; unknown words are refused', async () => {
  const { env } = await emulator();
  const missing = await doctor(['--token', '/no/such/token'], env);
  expect(missing.code).toBe(1);
  expect(missing.stdout).toMatch(/^failed {3}caller-token .*ENOENT/m);
  const empty = await doctor(['--token', '-'], env, '\n');
  expect(empty.stdout).toMatch(/^failed {3}caller-token .*standard input holds no token/m);
  const unknown = await doctor(['--tokens', 'x'], env);
  expect(unknown).toMatchObject({ code: 2, stdout: '' });
  expect(unknown.stderr).toContain("'--tokens'");
});
