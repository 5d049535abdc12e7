import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

const lines = (gateway: GatewayProcess, beginning: string) =>
  gateway
    .stdout()
    .split('\n')
    .filter((line) => line.startsWith(beginning));

/** What the printed curl line does, done by fetch: quotes are all that the line has of the shell's. */
async function perform(curl: string): Promise<Response> {
  const words = [...curl.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const valuesOf = (option: string) => words.filter((_, index) => words[index - 1] === option);
  const headers = valuesOf('-H').map((header) => header.split(/:\s*/, 2) as [string, string]);
  const url = words.find((word) => word.startsWith('http')) ?? '';
  return fetch(url, { method: 'POST', headers, body: valuesOf('-d')[0] ?? '' });
}

const UPDATED = {
  data: {
    updateRemoteHelpSessionResponse: {
      remoteHelpSessionResponse: expect.objectContaining({ id: 'session-1', sessionType: 'TAKE_FULL_CONTROL' }),
    },
  },
};

describe('the gateway without settings', () => {
  it('says that it runs on the emulator, where, and how to update a session, and that works as it stands', async () => {
    const gateway = startGatewayProcess();
    const url = await gateway.url();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(gateway.stdout()).toContain(`GraphQL at ${url}/graphql`);
    expect(gateway.stdout()).toMatch(/\bemulator\b/);
    const [curl = '', ...others] = lines(gateway, 'curl');
    expect(others).toEqual([]);
    expect(curl).toContain(url);
    const answer = await perform(curl);
    expect([answer.status, await answer.json()]).toEqual([200, UPDATED]);
  });

  it('prints where Entra and Graph are, takes their settings, and says nothing on standard error', async () => {
    const [entraPort, graphPort] = [await freePort(), await freePort()];
    const gateway = startGatewayProcess({
      EMULATOR_ENTRA_PORT: String(entraPort),
      EMULATOR_GRAPH_PORT: String(graphPort),
      EMULATOR_CLIENT_SECRET: 'a fixed one',
    });
    await gateway.url();
    expect(gateway.stdout()).toContain(`Emulated Entra at http://127.0.0.1:${entraPort}\n`);
    expect(gateway.stdout()).toContain(`Emulated Graph at http://127.0.0.1:${graphPort}/beta\n`);
    expect(gateway.stdout()).toContain('gives a token to whoever asks');
    const sessions = await fetch(`http://127.0.0.1:${graphPort}/_emulator/sessions`);
    expect(Object.keys((await sessions.json()) as object)).toContain('session-1');
    expect((await perform(lines(gateway, 'curl')[0] ?? '')).status).toBe(200);
    const requests = await fetch(`http://127.0.0.1:${entraPort}/_emulator/requests`);
    expect(await requests.text()).toContain('a fixed one');
    expect(gateway.stderr()).toBe('');
  });

  it('reads a file of settings that is named and there, which the environment overrules', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, '.env');
    writeFileSync(file, "EMULATOR_CLIENT_SECRET='a fixed one'\nPORT=1\n");
    const gateway = startGatewayProcess({ EMULATOR_ENTRA_PORT: String(await freePort()) }, { args: [file] });
    await gateway.url();
    await perform(lines(gateway, 'curl')[0] ?? '');
    const origin = /^Emulated Entra at (\S+)$/m.exec(gateway.stdout())?.[1];
    expect(await (await fetch(`${origin}/_emulator/requests`)).text()).toContain('a fixed one');
    const without = startGatewayProcess({}, { args: [join(folder, 'none')] });
    await without.url();
    expect([gateway.stderr(), without.stderr()]).toEqual(['', '']);
  });

  it('ends with one line when a setting of the emulator is wrong', async () => {
    const gateway = startGatewayProcess({ EMULATOR_GRAPH_PORT: 'x' });
    expect((await gateway.ended).code).toBe(1);
    expect(gateway.stderr()).toBe('EMULATOR_GRAPH_PORT: expected a port, 0 to 65535\n');
  });

  it('prints a line that a shell can run', async (context) => {
    const run = promisify(execFile);
    const hasCurl = await run('curl', ['--version']).then(
      () => true,
      () => false,
    );
    if (!hasCurl) return context.skip('no curl on this machine');
    const gateway = startGatewayProcess();
    await gateway.url();
    const { stdout } = await run('sh', ['-c', lines(gateway, 'curl')[0] ?? 'false']);
    return expect(JSON.parse(stdout)).toEqual(UPDATED);
  });

  it('may have its settings empty, as a copied .env file leaves them, and listens on this machine only', async () => {
    const gateway = startGatewayProcess({
      AZURE_TENANT_ID: '',
      AZURE_CLIENT_ID: '',
      AZURE_CLIENT_SECRET: '',
      AZURE_AUTHORITY_HOST: '',
      GRAPH_BASE_URL: '',
      HOST: '',
    });
    expect(await gateway.url()).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(await (await perform(lines(gateway, 'curl')[0] ?? '')).json()).toEqual(UPDATED);
  });

  it('asks its own Graph even where the address of the real one is set', async () => {
    const gateway = startGatewayProcess({ GRAPH_BASE_URL: 'https://graph.microsoft.com/beta' });
    await gateway.url();
    expect(await (await perform(lines(gateway, 'curl')[0] ?? '')).json()).toEqual(UPDATED);
  });

  it('shows the explorer with a session that exists and a token that works', async () => {
    const gateway = startGatewayProcess();
    const url = await gateway.url();
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(page.url).toBe(`${url}/graphql`);
    const html = await page.text();
    expect(html).toContain('updateRemoteHelpSessionResponse');
    expect(html).toContain('session-1');
    const token = /"token":"(eyJ[\w-]+\.[\w-]+\.[\w-]+)"/.exec(html)?.[1];
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }' }),
    });
    expect(await answer.json()).toEqual({ data: { remoteHelpSessionResponse: { deviceName: 'Reception tablet' } } });
  });
});

it('with one setting of Azure is no emulator, but names what is missing', async () => {
  const gateway = startGatewayProcess({ AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us' });
  expect((await gateway.ended).code).toBe(1);
  expect(gateway.stderr()).toContain('AZURE_TENANT_ID');
  expect(gateway.stdout()).toBe('');
});
