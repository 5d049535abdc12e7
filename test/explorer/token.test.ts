import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { decodeJwt } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { readProjectFile } from '../documents/project.ts';
import { startGateway } from '../support/gateway.ts';
import { createBrowser } from './browser.ts';

const MAIN = new URL('../../src/explorer/main.ts', import.meta.url).pathname;

/** `npm run token`, without npm. */
function startToken(env: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH ?? '', ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    ended,
    async address(): Promise<string> {
      for (;;) {
        const found = /^http\S+$/m.exec(stderr)?.[0];
        if (found !== undefined) return found;
        await Promise.race([once(child.stderr ?? child, 'data'), ended.then(() => Promise.reject(new Error(stderr)))]);
      }
    },
  };
}

/** From Entra's page back to the terminal. */
async function choose(address: string, person: number) {
  const browser = createBrowser();
  const page = await browser.get(address);
  const links = [...page.text.matchAll(/<a href="([^"]*)">/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
  const { location } = await browser.get(new URL(links[person] ?? '', address).href);
  return { browser, callback: location };
}

async function emulator(): Promise<Emulator> {
  const started = await startEmulator();
  onTestFinished(() => started.close());
  return started;
}

it('is the script that it says it is', () => {
  expect(JSON.parse(readProjectFile('package.json')).scripts.token).toContain('src/explorer/main.ts');
});

it('prints a token that works, alone, and the address to open on standard error', async () => {
  const gateway = await startGateway();
  const terminal = startToken(gateway.emulator.env);
  const { browser, callback } = await choose(await terminal.address(), 1);
  expect(callback).toMatch(/^http:\/\/localhost:\d+\/sign-in\/callback\?code=/);
  const page = await browser.get(callback);
  expect(page.status).toBe(200);
  expect(page.text).toContain('terminal');
  const { code, stdout, stderr } = await terminal.ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^eyJ[\w.-]+\n$/);
  expect(page.text + stderr).not.toContain(stdout.trim());
  expect(decodeJwt(stdout.trim())).toMatchObject({ name: samplePeople[1]?.name });
  const { body } = await gateway.query('{ remoteHelpSessionResponses(first: 5) { nodes { id } } }', {
    token: stdout.trim(),
  });
  expect(body.data.remoteHelpSessionResponses.nodes).not.toEqual([]);
});

it('waits on when somebody else comes by with a wrong state', async () => {
  const { env } = await emulator();
  const terminal = startToken(env);
  const { browser, callback } = await choose(await terminal.address(), 0);
  const wrong = new URL(callback);
  wrong.searchParams.set('state', 'x');
  expect((await browser.get(wrong.href)).status).toBe(400);
  expect((await browser.get(callback)).status).toBe(200);
  expect((await terminal.ended).code).toBe(0);
});

it('says why there is none when the person cancels', async () => {
  const { env } = await emulator();
  const terminal = startToken(env);
  const { browser, callback } = await choose(await terminal.address(), samplePeople.length);
  expect(callback).toContain('error=access_denied');
  expect((await browser.get(callback)).status).toBe(400);
  const { code, stdout, stderr } = await terminal.ended;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('AADSTS65004');
});

it('names the setting of a wrong secret, and not its value', async () => {
  const { env } = await emulator();
  const terminal = startToken({ ...env, AZURE_CLIENT_SECRET: 'wrong~secret' });
  const { browser, callback } = await choose(await terminal.address(), 0);
  await browser.get(callback);
  const { code, stdout, stderr } = await terminal.ended;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('AZURE_CLIENT_SECRET');
  expect(stderr).not.toContain('wrong~secret');
});

it.each([
  ['without settings', {}, 'AZURE_TENANT_ID'],
  ['with some of them', { AZURE_TENANT_ID: 'contoso.example' }, 'AZURE_CLIENT_ID'],
])('%s says what is missing', async (_name, env, missing) => {
  const { code, stdout, stderr } = await startToken(env).ended;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(missing);
  expect(stderr).not.toMatch(/\bat .*\.ts:/);
});

it('says so when Entra cannot be reached', async () => {
  const started = await emulator();
  await started.entra.stop();
  const { code, stdout, stderr } = await startToken(started.env).ended;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('AZURE_AUTHORITY_HOST');
});
