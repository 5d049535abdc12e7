import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
const messageOf = ({ body }: { body: Record<string, unknown> }) => (body.error as { message: string }).message;

describe('reading one', () => {
  test('is wrapped in value, as documented', async () => {
    const { status, body } = await scene.call('GET', `${COLLECTION}/${firstId}`);
    expect(status).toBe(200);
    expect(body).toStrictEqual({ '@odata.context': expect.any(String), value: { '@odata.type': TYPE, ...first } });
  });

  test('may be flat and bare', async () => {
    Object.assign(scene.graph, { wrapSingles: false, annotate: false });
    expect((await scene.call('GET', `${COLLECTION}/${firstId}`)).body).toStrictEqual(first);
  });

  test('holds what was selected and nothing else', async () => {
    scene.graph.annotate = false;
    const { body } = await scene.call('GET', `${COLLECTION}/${firstId}?$select=deviceName,webClientUri`);
    expect(body).toStrictEqual({ value: { deviceName: first.deviceName, webClientUri: first.webClientUri } });
  });

  test('refuses to select what the type does not have', async () => {
    const unknown = await scene.call('GET', `${COLLECTION}/${firstId}?$select=deviceName,id`);
    expect(errorOf(unknown)).toStrictEqual([400, 'BadRequest']);
    expect(messageOf(unknown)).toContain("Could not find a property named 'id' on type");
    scene.graph.properties.delete('sessionType');
    expect((await scene.call('GET', `${COLLECTION}/${firstId}?$select=sessionType`)).status).toBe(400);
  });

  test('answers 404 with the id inside a message that is JSON itself, as Intune does', async () => {
    const missing = await scene.call('GET', `${COLLECTION}/nobody`);
    expect(errorOf(missing)).toStrictEqual([404, 'ResourceNotFound']);
    expect(JSON.parse(messageOf(missing)).Message).toContain('nobody');
  });

  const ids = ['a/b', 'a b', "it's", '"quoted"', 'Zürich–会议', '%2F', 'a?b#c', '..x', 'x'.repeat(2_000), 'a+b&c=d'];
  test.each(ids)('finds the id %s as one encoded segment', async (id) => {
    scene.graph.sessions.set(id, { deviceName: id });
    const { body } = await scene.call('GET', `${COLLECTION}/${encodeURIComponent(id)}?$select=deviceName`);
    expect(body).toMatchObject({ value: { deviceName: id } });
  });
});

describe('addresses', () => {
  test.each([
    ['/Nothing', "Resource not found for the segment 'Nothing'."],
    [`${COLLECTION}/a/b`, "Resource not found for the segment 'b'."],
    ['/../v1.0/x', 'Invalid version.'],
    [`${COLLECTION}/%zz`, 'The request URI is not well formed.'],
  ])('that Graph does not know: %s', async (path, message) => {
    const answer = await scene.call('GET', path);
    expect(errorOf(answer)).toStrictEqual([400, 'BadRequest']);
    expect(messageOf(answer)).toBe(message);
  });

  test('an empty id is the collection', async () => {
    expect((await scene.call('GET', `${COLLECTION}/`)).body.value).toBeInstanceOf(Array);
    expect((await scene.call('DELETE', `${COLLECTION}/`)).status).toBe(405);
  });

  test('may move', async () => {
    scene.graph.sessionsPath = 'deviceManagement/remoteHelpSessions';
    expect((await scene.call('GET', `/deviceManagement/remoteHelpSessions/${firstId}`)).status).toBe(200);
    expect((await scene.call('GET', `${COLLECTION}/${firstId}`)).status).toBe(400);
    expect(messageOf(await scene.call('GET', '/deviceManagement'))).toContain("'deviceManagement'");
  });
});

describe('listing', () => {
  test('pages with absolute links that keep $top and $select', async () => {
    scene.graph.annotate = false;
    const names: unknown[] = [];
    let path: string | undefined = `${COLLECTION}?$top=2&$select=deviceName,sessionKey`;
    let pages = 0;
    while (path !== undefined) {
      const { body } = await scene.call('GET', path);
      names.push(...(body.value as { deviceName: string }[]).map(({ deviceName }) => deviceName));
      const next = body['@odata.nextLink'] as string | undefined;
      if (next !== undefined) {
        expect(next.startsWith(scene.graph.baseUrl)).toBe(true);
        expect(Object.fromEntries(new URL(next).searchParams)).toStrictEqual({
          $top: '2',
          $select: 'deviceName,sessionKey',
          $skiptoken: expect.any(String),
        });
      }
      path = next?.slice(scene.graph.baseUrl.length);
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(names).toStrictEqual(sampleSessions.map(([, { deviceName }]) => deviceName));
  });

  test('has pages of the size that Graph likes, whatever $top says', async () => {
    scene.graph.pageSize = 3;
    const { body } = await scene.call('GET', `${COLLECTION}?$top=100`);
    expect(body.value).toHaveLength(3);
    expect(body).toHaveProperty(['@odata.nextLink']);
  });

  test('carries ids only when told', async () => {
    expect((await scene.call('GET', COLLECTION)).body.value).toContainEqual({ '@odata.type': TYPE, ...first });
    scene.graph.idInList = true;
    const { body } = await scene.call('GET', `${COLLECTION}?$select=deviceName`);
    expect((body.value as unknown[])[0]).toStrictEqual({
      id: firstId,
      '@odata.type': TYPE,
      deviceName: first.deviceName,
    });
  });

  test.each(['$top=0', '$top=1000', '$top=x', '$skiptoken=x', '$filter=x', '$select=', '$select=nonsense'])(
    'refuses %s',
    async (query) => {
      expect(errorOf(await scene.call('GET', `${COLLECTION}?${query}`))).toStrictEqual([400, 'BadRequest']);
    },
  );
});

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
    expect((await scene.call('POST', COLLECTION, { body: { id: 'x' } })).status).toBe(400);
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

test('every answer has the headers of Graph, errors too', async () => {
  const headers = { 'client-request-id': crypto.randomUUID() };
  for (const path of [COLLECTION, '/Nothing']) {
    const answer = await scene.call('GET', path, { headers });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'client-request-id': headers['client-request-id'],
      'x-ms-ags-diagnostic': expect.stringContaining('ServerInfo'),
      'content-type': expect.stringMatching(/^application\/json;odata\.metadata=minimal;/),
      'cache-control': 'no-store',
      'odata-version': '4.0',
      'strict-transport-security': expect.any(String),
      date: expect.stringMatching(/GMT$/),
    });
    if (answer.status === 400) {
      expect(answer.body.error).toStrictEqual({
        code: 'BadRequest',
        message: expect.any(String),
        innerError: {
          date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
          'request-id': answer.headers.get('request-id'),
          'client-request-id': headers['client-request-id'],
        },
      });
    }
  }
});

test('every request is logged with who sent what', async () => {
  await patch({ deviceName: 'New' });
  expect(scene.graph.requests).toStrictEqual([
    {
      at: expect.any(Number),
      method: 'PATCH',
      url: `/beta${COLLECTION}/${firstId}`,
      headers: expect.objectContaining({ 'content-type': 'application/json' }),
      body: { deviceName: 'New' },
      status: 200,
      oid: '0b5e7e57-9abc-4def-8012-3456789abcde',
      authorization: expect.stringMatching(/^Bearer /),
    },
  ]);
});
