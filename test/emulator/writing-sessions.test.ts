import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applied, dropConnection, forRequests } from '../../src/emulator/faults.ts';
import { sampleSessions } from '../../src/emulator/sample-sessions.ts';
import { type CallOptions, COLLECTION, type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

const TYPE = '#microsoft.graph.retrieveRemoteHelpSessionResponse';
const [firstId, first] = sampleSessions[0] as (typeof sampleSessions)[number];
const patch = (body: unknown, options: CallOptions = {}) =>
  scene.call('PATCH', `${COLLECTION}/${firstId}`, { body, ...options });
const errorOf = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  [status, (body.error as { code: string }).code] as const;

describe('updating', () => {
  test('keeps what is absent, sets null for null and answers the flat object', async () => {
    const answer = await patch({ '@odata.type': TYPE, deviceName: 'New', acsGroupId: null });
    const updated = { ...first, deviceName: 'New', acsGroupId: null };
    expect(answer.status).toBe(200);
    expect(answer.body).toStrictEqual({ '@odata.context': expect.any(String), '@odata.type': TYPE, ...updated });
    expect(scene.graph.sessions.get(firstId)).toStrictEqual(updated);
  });

  test('takes flags in any order and answers them in the order of their bits', async () => {
    expect((await patch({ sessionType: 'elevation, viewScreen' })).body.sessionType).toBe('viewScreen,elevation');
  });

  test('keeps a date digit for digit', async () => {
    const sessionExpirationDateTime = '2016-12-31T23:59:57.5564522-08:00';
    expect((await patch({ sessionExpirationDateTime })).body).toMatchObject({ sessionExpirationDateTime });
  });

  test('answers 204 when told or asked', async () => {
    const asked = await patch({ deviceName: 'A' }, { headers: { Prefer: 'return=minimal' } });
    expect([asked.status, asked.text, asked.headers.get('preference-applied')]).toStrictEqual([
      204,
      '',
      'return=minimal',
    ]);
    scene.graph.patchAnswers = 204;
    expect((await patch({ deviceName: 'B' })).status).toBe(204);
    expect(scene.graph.sessions.get(firstId)?.deviceName).toBe('B');
  });

  test.each([
    ['an unknown property', { deviceColour: 'red' }],
    ['the id', { id: 'x' }],
    ['a number for text', { deviceName: 5 }],
    ['an array for text', { sessionKey: ['x'] }],
    ['a number for flags', { sessionType: 1 }],
    ['an unknown flag', { sessionType: 'viewScreen,dance' }],
    ['the flag of the future', { sessionType: 'unknownFutureValue' }],
    ['an empty flag', { sessionType: '' }],
    ['a date without offset', { sessionExpirationDateTime: '2030-01-01T00:00:00' }],
    ['a date that no calendar has', { sessionExpirationDateTime: '2030-02-30T00:00:00Z' }],
    ['another type', { '@odata.type': '#microsoft.graph.user' }],
    ['an array', []],
    ['no JSON', '{'],
    ['nothing', ''],
  ])('refuses %s and changes nothing', async (_name, body) => {
    const answer = await patch(body, { headers: { 'Content-Type': 'application/json' } });
    expect(errorOf(answer)).toStrictEqual([400, 'BadRequest']);
    expect(scene.graph.sessions.get(firstId)).toStrictEqual(first);
  });

  test('insists on application/json', async () => {
    expect((await patch('{}', { headers: { 'Content-Type': 'text/plain' } })).status).toBe(415);
    const init = { method: 'PATCH', headers: { Authorization: `Bearer ${await scene.graphToken()}` } };
    const bare = await fetch(`${scene.graph.baseUrl}${COLLECTION}/${firstId}`, init);
    expect(bare.status).toBe(400);
  });

  test('answers 404 for an unknown id', async () => {
    expect((await scene.call('PATCH', `${COLLECTION}/nobody`, { body: {} })).status).toBe(404);
  });
});

describe('creating and deleting', () => {
  test('a session is created under its key, once', async () => {
    const body = { sessionKey: 'new/key', deviceName: 'New' };
    const created = await scene.call('POST', COLLECTION, { body });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject(body);
    expect(created.headers.get('location')).toBe(`${scene.graph.baseUrl}${COLLECTION}/new%2Fkey`);
    expect((await scene.call('POST', COLLECTION, { body })).status).toBe(409);
  });

  test('a session without a session key gets a new one, which is its key', async () => {
    const { status, body, headers } = await scene.call('POST', COLLECTION, { body: { deviceName: 'New' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      '@odata.type': TYPE,
      deviceName: 'New',
      sessionKey: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(headers.get('location')).toBe(`${scene.graph.baseUrl}${COLLECTION}/${body.sessionKey}`);
    expect((await scene.call('GET', `${COLLECTION}/${body.sessionKey}`)).status).toBe(200);
  });

  test.each([
    ['an unknown property', { id: 'x' }],
    ['another type', { '@odata.type': '#microsoft.graph.user' }],
    ['a wrong type', { sessionKey: 7 }],
    ['the flag of the future', { sessionType: 'unknownFutureValue' }],
    ['an empty key', { sessionKey: '' }],
    ['an array', []],
  ])('a session with %s is refused', async (_name, body) => {
    expect(errorOf(await scene.call('POST', COLLECTION, { body }))).toStrictEqual([400, 'BadRequest']);
    expect(scene.graph.sessions.size).toBe(sampleSessions.length);
  });

  test('needs the right to write', async () => {
    scene.entra.grantedScopes = ['DeviceManagementConfiguration.Read.All'];
    const token = await scene.graphToken();
    expect((await scene.call('POST', COLLECTION, { body: {}, token })).status).toBe(403);
    expect((await scene.call('DELETE', `${COLLECTION}/${firstId}`, { token })).status).toBe(403);
  });

  test('can lose its answer and be done all the same', async () => {
    const lost = applied(dropConnection());
    scene.graph.respondWith([forRequests({ method: 'POST' }, lost), forRequests({ method: 'DELETE' }, lost)]);
    await expect(scene.call('POST', COLLECTION, { body: { sessionKey: 'new' } })).rejects.toThrow();
    await expect(scene.call('DELETE', `${COLLECTION}/${firstId}`)).rejects.toThrow();
    expect([scene.graph.sessions.has('new'), scene.graph.sessions.has(firstId)]).toStrictEqual([true, false]);
  });

  test('can be part of a batch', async () => {
    const requests = [
      {
        id: '1',
        method: 'POST',
        url: COLLECTION,
        headers: { 'Content-Type': 'application/json' },
        body: { sessionKey: 'new' },
      },
      { id: '2', method: 'DELETE', url: `${COLLECTION}/${firstId}` },
    ];
    const { body } = await scene.call('POST', '/$batch', { body: { requests } });
    expect(body.responses).toMatchObject([
      { id: '2', status: 204 },
      { id: '1', status: 201, body: { sessionKey: 'new' } },
    ]);
  });

  test('a session is deleted, once', async () => {
    expect((await scene.call('DELETE', `${COLLECTION}/${firstId}`)).status).toBe(204);
    expect((await scene.call('DELETE', `${COLLECTION}/${firstId}`)).status).toBe(404);
  });

  test('there is a limit', async () => {
    for (let number = scene.graph.sessions.size; number < 10_000; number += 1) {
      scene.graph.sessions.set(`filler-${number}`, {});
    }
    expect((await scene.call('POST', COLLECTION, { body: {} })).status).toBe(507);
  });
});
