import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { read } from './scene.ts';

const MAIN = fileURLToPath(new URL('../../src/emulator/main.ts', import.meta.url));
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function run(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH ?? '', ...env } });
  running.push(child);
  const exited = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  return { child, exited };
}

/** The settings it prints, once it has printed all. */
async function settingsOf(child: ReturnType<typeof run>['child']): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) settings[name] = value;
    if (line.includes('/_emulator/faults')) break;
  }
  return settings;
}

describe('npm run emulator', () => {
  test('prints its settings, is controlled over HTTP and ends cleanly', async () => {
    const { child, exited } = run();
    const settings = await settingsOf(child);
    const [entra, graph] = [settings.AZURE_AUTHORITY_HOST ?? '', settings.GRAPH_BASE_URL?.replace('/beta', '') ?? ''];
    const control = (origin: string, method: string, path: string, body?: unknown) =>
      fetch(`${origin}/_emulator/${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

    const { body } = await read(await control(entra, 'POST', 'token', { oid: 'somebody' }));
    const claims = JSON.parse(Buffer.from(String(body.access_token).split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ oid: 'somebody', aud: settings.AZURE_CLIENT_ID });
    expect((await control(entra, 'POST', 'token')).status).toBe(200);
    expect((await control(entra, 'POST', 'token', [])).status).toBe(400);

    expect(
      (await control(graph, 'POST', 'faults', [{ status: 503, times: null, match: { path: '/beta' } }])).status,
    ).toBe(204);
    expect([(await fetch(`${graph}/beta/x`)).status, (await fetch(`${graph}/beta/x`)).status]).toStrictEqual([
      503, 503,
    ]);
    expect((await control(graph, 'DELETE', 'faults')).status).toBe(204);
    expect((await fetch(`${graph}/beta/x`)).status).toBe(401);
    expect((await control(graph, 'POST', 'faults', [{ status: 'x' }])).status).toBe(400);
    expect((await control(graph, 'POST', 'faults', [{ surprise: 1 }])).status).toBe(400);

    const statuses = async () =>
      ((await (await control(graph, 'GET', 'requests')).json()) as { status: number }[]).map(({ status }) => status);
    expect(await statuses()).toStrictEqual([503, 503, 401]);
    expect((await control(graph, 'DELETE', 'requests')).status).toBe(204);
    expect(await statuses()).toStrictEqual([]);

    child.kill('SIGTERM');
    child.kill('SIGTERM'); // npm sends it twice
    expect(await exited).toStrictEqual([0, null]);
  });

  test.each([
    ['production', { NODE_ENV: 'production' }, 'NODE_ENV'],
    ['a port that is none', { EMULATOR_GRAPH_PORT: 'x' }, 'EMULATOR_GRAPH_PORT'],
  ])('refuses %s', async (_name, env, named) => {
    const { child, exited } = run(env);
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    await once(child, 'close');
    expect((await exited)[0]).toBe(1);
    expect(said).toContain(named);
  });
});
