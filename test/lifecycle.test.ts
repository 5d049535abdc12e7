import { describe, expect, it, onTestFinished, test } from 'vitest';
import { type Emulator, startEmulator } from '../src/emulator/emulator.ts';
import { delayed, forRequests } from '../src/emulator/faults.ts';
import { startGatewayProcess } from './support/gateway-process.ts';

const QUICK = { SHUTDOWN_DRAIN_MS: '20' };

async function emulatorOfTest(): Promise<Emulator> {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  return emulator;
}

const update = (url: string, emulator: Emulator) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${emulator.entra.mintToken()}` },
    body: JSON.stringify({
      query: `mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "Tablet" }) {
        remoteHelpSessionResponse { deviceName } } }`,
    }),
  });

describe('node src/main.ts', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('ends with code 0 on %s', async (signal) => {
    const gateway = startGatewayProcess(QUICK);
    const url = await gateway.url();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    gateway.child.kill(signal);
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    expect(gateway.stderr()).toBe('');
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });

  test.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ] as const)('ends an update in flight before it ends itself, on %s and %s as npm sends them', async (...signals) => {
    const emulator = await emulatorOfTest();
    emulator.graph.respondWith(forRequests({ method: 'PATCH' }, delayed(150)));
    const gateway = startGatewayProcess({ ...emulator.env, ...QUICK });
    const url = await gateway.url();
    const answer = update(url, emulator);
    while (!emulator.graph.requests.some(({ method }) => method === 'PATCH')) await new Promise(setImmediate);
    for (const signal of signals) gateway.child.kill(signal);
    expect(await (await answer).json()).toEqual({
      data: { updateRemoteHelpSessionResponse: { remoteHelpSessionResponse: { deviceName: 'Tablet' } } },
    });
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });

  it('says at /readyz that it is going, and serves during the drain', async () => {
    const emulator = await emulatorOfTest();
    const gateway = startGatewayProcess({ ...emulator.env, SHUTDOWN_DRAIN_MS: '1000' });
    const url = await gateway.url();
    await update(url, emulator);
    gateway.child.kill('SIGTERM');
    let ready = await fetch(`${url}/readyz`);
    while (ready.status === 200) ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'unavailable' }]);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const served = await update(url, emulator);
    expect([served.status, served.headers.get('connection')]).toEqual([200, 'close']);
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
  });

  it('names every missing and wrong setting at once, with code 1 and no secret', async () => {
    const gateway = startGatewayProcess({
      AZURE_TENANT_ID: 'common',
      AZURE_CLIENT_SECRET: 'canary~secret',
      AZURE_USE_MANAGED_IDENTITY: 'true',
      GRAPH_BASE_URL: 'http://graph.microsoft.com/beta',
      REQUEST_TIMEOUT_MS: 'soon',
    });
    expect(await gateway.ended).toEqual({ code: 1, signal: null });
    for (const name of ['TENANT_ID', 'CLIENT_ID', 'CLIENT_SECRET', 'USE_MANAGED_IDENTITY']) {
      expect(gateway.stderr()).toContain(`AZURE_${name}`);
    }
    expect(gateway.stderr()).toContain('GRAPH_BASE_URL');
    expect(gateway.stderr()).toContain('REQUEST_TIMEOUT_MS');
    expect(gateway.stderr()).not.toMatch(/canary|\n\s+at /);
    expect(gateway.stdout()).toBe('');
  });

  it('does not start in production without settings: the emulator is not for that', async () => {
    const gateway = startGatewayProcess({ NODE_ENV: 'production' });
    expect(await gateway.ended).toEqual({ code: 1, signal: null });
    for (const name of ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_USE_MANAGED_IDENTITY']) {
      expect(gateway.stderr()).toContain(name);
    }
    expect(gateway.stdout()).toBe('');
  });

  it('serves in production with settings, without a page, and says where', async () => {
    const emulator = await emulatorOfTest();
    const gateway = startGatewayProcess({ ...emulator.env, NODE_ENV: 'production', HOST: '127.0.0.1' });
    const url = await gateway.url();
    expect((await update(url, emulator)).status).toBe(200);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(404);
    expect(gateway.stdout()).not.toMatch(/emulator|curl/i);
  });
});
