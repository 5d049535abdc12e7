import { afterEach, expect, test } from 'vitest';
import { createBoundedLog } from '../../src/emulator/http/bounded-log.ts';
import { sampleSessions } from '../../src/emulator/sample-sessions.ts';
import { COLLECTION, read, type Scene, startScene } from './scene.ts';

const scenes: Scene[] = [];
const start = async (options?: Parameters<typeof startScene>[0]) => {
  const scene = await startScene(options);
  scenes.push(scene);
  return scene;
};
afterEach(async () => {
  await Promise.all(scenes.splice(0).map((scene) => scene.close()));
});

test('names the settings that point a gateway at it', async () => {
  const { env, entra, graph } = await start();
  expect(env).toStrictEqual({
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.clientId,
    AZURE_CLIENT_SECRET: entra.clientSecret,
    AZURE_AUTHORITY_HOST: entra.origin,
    GRAPH_BASE_URL: `${graph.origin}/beta`,
  });
});

test('two of them have nothing in common but their ids', async () => {
  const [one, other] = [await start(), await start()];
  expect(one.entra.clientSecret).not.toBe(other.entra.clientSecret);
  one.graph.sessions.clear();
  expect([...other.graph.sessions]).toStrictEqual([...sampleSessions]);
  expect((await other.call('GET', COLLECTION, { token: await one.graphToken() })).status).toBe(401);
});

test('holds the sessions it is given, as copies', async () => {
  const session = { deviceName: 'Mine' };
  const { graph } = await start({ sessions: [['mine', session]] });
  expect(graph.sessions.get('mine')).toStrictEqual(session);
  expect(graph.sessions.get('mine')).not.toBe(session);
});

test('lives by the clock it is given', async () => {
  let now = Date.UTC(2030, 0, 1);
  const { entra, graph, call, exchange } = await start({ clock: () => now });
  const answer = await call('GET', COLLECTION);
  expect(answer.headers.get('date')).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
  expect(graph.requests[0]?.at).toBe(now);
  const assertion = entra.mintToken();
  now += 3_600_000;
  expect((await exchange({ assertion })).body.error_codes).toStrictEqual([500133]);
});

test.each(['entra', 'graph'] as const)('%s stops at once and comes back on the same port', async (name) => {
  const scene = await start();
  const { origin } = scene[name];
  scene[name].respondWith({ hang: true });
  scene[name].respondWith({ delayMs: 60_000 });
  const waiting = [fetch(`${origin}/a`), fetch(`${origin}/b`)];
  const ended = Promise.allSettled(waiting);
  await expect.poll(() => scene[name].requests.length).toBe(2);
  await scene[name].stop();
  expect((await ended).map(({ status }) => status)).toStrictEqual(['rejected', 'rejected']);
  await expect(fetch(origin)).rejects.toThrow();
  await scene[name].start();
  await scene[name].start();
  expect(scene[name].origin).toBe(origin);
  expect((await read(await fetch(`${origin}/beta/x`))).status).toBeGreaterThan(399);
});

test('a Graph port that is taken fails the start and leaves nothing listening', async () => {
  const { graph } = await start();
  const graphPort = Number(new URL(graph.origin).port);
  await expect(startScene({ graphPort })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('clear forgets requests, faults and demands, and keeps the sessions', async () => {
  const { graph, call } = await start();
  await call('PATCH', `${COLLECTION}/session-1`, { body: { deviceName: 'Kept' } });
  graph.respondWith({ status: 500, times: 9 });
  graph.requireClaims('{"access_token":{"x":{"essential":true}}}');
  graph.clear();
  expect(graph.requests).toStrictEqual([]);
  expect((await call('GET', `${COLLECTION}/session-1`)).body).toMatchObject({ value: { deviceName: 'Kept' } });
});

test('a log forgets the oldest first', () => {
  const log = createBoundedLog<number>(3);
  for (const entry of [1, 2, 3, 4, 5]) log.add(entry);
  expect(log.entries).toStrictEqual([3, 4, 5]);
});

test('a body beyond the limit is refused', async () => {
  const { call } = await start();
  const body = { deviceName: 'x'.repeat(5 * 1024 * 1024) };
  expect((await call('PATCH', `${COLLECTION}/session-1`, { body })).status).toBe(413);
});
