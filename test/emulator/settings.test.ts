import { once } from 'node:events';
import { createServer } from 'node:net';
import { decodeJwt } from 'jose';
import { afterEach, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { readEmulatorSettings } from '../../src/emulator/emulator-settings.ts';
import { startEmulatorFromEnv } from '../../src/emulator/start-from-env.ts';

const running: Emulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});
async function start(env: Record<string, string>): Promise<Emulator> {
  const emulator = await startEmulatorFromEnv(env);
  running.push(emulator);
  return emulator;
}

test('without settings takes free ports of this machine and a new secret', async () => {
  const [one, other] = [await start({}), await start({ EMULATOR_CLIENT_SECRET: '', EMULATOR_ENTRA_PORT: '' })];
  expect(one.entra.clientSecret).not.toBe(other.entra.clientSecret);
  expect(one.env).not.toHaveProperty('EMULATOR_PUBLIC_HOST');
  expect(new URL(one.graph.origin).hostname).toBe('127.0.0.1');
});

test('takes the secret that is set', async () => {
  const { entra, env } = await start({ EMULATOR_CLIENT_SECRET: 'a fixed one' });
  expect([entra.clientSecret, env.AZURE_CLIENT_SECRET]).toEqual(['a fixed one', 'a fixed one']);
});

test('on all addresses it is still known as this machine, the issuer of tokens too', async () => {
  const { entra, graph } = await start({ EMULATOR_HOST: '0.0.0.0' });
  expect([entra.origin, graph.origin].map((origin) => new URL(origin).hostname)).toEqual(['127.0.0.1', '127.0.0.1']);
  expect(decodeJwt(entra.mintToken()).iss).toBe(`${entra.origin}/${entra.tenantId}/v2.0`);
  // Any address of the loopback network reaches it: it listens on all of them.
  const elsewhere = await fetch(`http://127.0.0.2:${new URL(entra.origin).port}/_emulator/requests`);
  expect(elsewhere.status).toBe(200);
});

test('is known as EMULATOR_PUBLIC_HOST says', async () => {
  const { entra, graph, env } = await start({ EMULATOR_HOST: '0.0.0.0', EMULATOR_PUBLIC_HOST: 'Emulator' });
  const [entraPort, graphPort] = [entra.origin, graph.origin].map((origin) => new URL(origin).port);
  expect(env).toMatchObject({
    AZURE_AUTHORITY_HOST: `http://emulator:${entraPort}`,
    GRAPH_BASE_URL: `http://emulator:${graphPort}/beta`,
    EMULATOR_PUBLIC_HOST: 'emulator',
  });
  expect(decodeJwt(entra.mintToken()).iss).toBe(`http://emulator:${entraPort}/${entra.tenantId}/v2.0`);
});

test.each<[Record<string, string>, string[]]>([
  [{ EMULATOR_ENTRA_PORT: 'x', EMULATOR_GRAPH_PORT: '65536' }, ['EMULATOR_ENTRA_PORT', 'EMULATOR_GRAPH_PORT']],
  [{ EMULATOR_ENTRA_PORT: '4100', EMULATOR_GRAPH_PORT: '4100' }, ['two different ports']],
  [{ EMULATOR_PUBLIC_HOST: 'http://emulator' }, ['EMULATOR_PUBLIC_HOST']],
  [{ EMULATOR_PUBLIC_HOST: 'emulator:4100' }, ['EMULATOR_PUBLIC_HOST']],
  [{ EMULATOR_PUBLIC_HOST: 'emulator/x' }, ['EMULATOR_PUBLIC_HOST']],
])('refuses %o and names what is wrong', (env, said) => {
  for (const text of said) expect(() => readEmulatorSettings(env)).toThrow(text);
});

test.each(['EMULATOR_ENTRA_PORT', 'EMULATOR_GRAPH_PORT'])('a %s that is taken is named', async (name) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await expect(start({ [name]: String(port) })).rejects.toThrow(`${name}: ${port} is taken`);
  taken.close();
});

test('an address that this machine does not have is named', async () => {
  await expect(start({ EMULATOR_HOST: '192.0.2.1' })).rejects.toThrow('EMULATOR_HOST: "192.0.2.1"');
});
