import { describe, expect, it, onTestFinished, test } from 'vitest';
import { loadConfig, settings } from '../../src/config.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { secretsOf } from '../../src/observability/log/secrets-of.ts';
import { settingsInEffect } from '../../src/observability/log/settings-in-effect.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';

const linesOf = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('a life leaves lines: start with version, place and settings, signal, drain, end', async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const gateway = startGatewayProcess({ ...emulator.env, SHUTDOWN_DRAIN_MS: '20', RATE_LIMIT_PER_MINUTE: '77' });
  const url = await gateway.url();
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toEqual({ code: 0, signal: null });
  const lines = linesOf(gateway.stdout()).filter(({ msg }) => /^(start|stop|drain)/.test(String(msg)));
  expect(lines).toMatchObject([
    {
      msg: 'started',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: process.version,
      address: url,
      settings: {
        AZURE_TENANT_ID: emulator.entra.tenantId,
        AZURE_CLIENT_SECRET: 'set',
        GRAPH_BASE_URL: emulator.graph.baseUrl,
        RATE_LIMIT_PER_MINUTE: 77,
        REQUEST_TIMEOUT_MS: 15_000,
      },
    },
    { msg: 'stopping', signal: 'SIGTERM' },
    { msg: 'draining', drainMs: 20 },
    { msg: 'drained: what is in flight may end, nothing new is taken' },
    { msg: 'stopped' },
  ]);
  expect(gateway.stdout()).not.toContain(emulator.entra.clientSecret);
});

it('does not stop for the signal that profilers are asked for with', async () => {
  const gateway = startGatewayProcess({ SHUTDOWN_DRAIN_MS: '20' });
  const url = await gateway.url();
  for (let turn = 0; turn < 3; turn += 1) gateway.child.kill('SIGUSR2');
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toEqual({ code: 0, signal: null });
  expect(linesOf(gateway.stdout())).toContainEqual(expect.objectContaining({ msg: 'stopping', signal: 'SIGTERM' }));
});

describe('the settings in effect', () => {
  const azure = { AZURE_TENANT_ID: 'contoso.com', AZURE_CLIENT_ID: 'client' };
  const file = import.meta.filename;
  const shared = {
    ...azure,
    REDIS_URL: 'rediss://user:p%40ssword@redis.example:6380/0',
    SHARED_CACHE_SECRET: 'the-shared-secret',
    HTTPS_PROXY: 'http://me:proxy-password@proxy.example:8080',
    HTTP_PROXY: 'http://proxy.example:8080',
    NO_PROXY: 'localhost',
    TRUSTED_DOCUMENTS: file,
  };
  const all = [
    { ...shared, AZURE_CLIENT_SECRET: 'the-client-secret' },
    { ...azure, AZURE_FEDERATED_TOKEN_FILE: file },
    { ...azure, AZURE_USE_MANAGED_IDENTITY: 'true', AZURE_MANAGED_IDENTITY_CLIENT_ID: 'identity' },
  ].map((env) => settingsInEffect(loadConfig(env)));

  it('name every setting there is', () => {
    const named = new Set(all.flatMap((each) => Object.keys(each)));
    // The file must hold a certificate with its key, which this test has none of.
    named.add('AZURE_CLIENT_CERTIFICATE_PATH');
    expect(Object.keys(settings).filter((name) => !named.has(name))).toEqual([]);
  });

  it('say of a secret only that it is set', () => {
    const text = JSON.stringify(all);
    expect(text).not.toMatch(/the-client-secret|the-shared-secret|ssword|proxy-password/);
    expect(all[0]).toMatchObject({
      AZURE_CLIENT_SECRET: 'set',
      SHARED_CACHE_SECRET: 'set',
      REDIS_URL: 'rediss://redis.example:6380',
      HTTPS_PROXY: 'http://proxy.example:8080',
    });
  });

  it('and no line holds one', () => {
    const config = loadConfig({ ...shared, AZURE_CLIENT_SECRET: 'the-client-secret' });
    expect(secretsOf(config).sort()).toEqual(
      ['the-client-secret', 'the-shared-secret', 'p%40ssword', 'p@ssword', 'proxy-password'].sort(),
    );
  });

  it('a secret of a letter or two is not cut out of every word', () => {
    expect(secretsOf(loadConfig({ ...azure, AZURE_CLIENT_SECRET: 's' }))).toEqual([]);
  });
});
