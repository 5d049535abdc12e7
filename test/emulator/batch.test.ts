import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { COLLECTION, type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

interface EntryAnswer {
  id: string;
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}

const batch = (requests: unknown) => scene.call('POST', '/$batch', { body: { requests } });
const responsesOf = ({ body }: { body: Record<string, unknown> }) => body.responses as EntryAnswer[];
const get = (id: string) => ({ id, method: 'GET', url: `${COLLECTION}/session-${id}?$select=deviceName` });
const patch = (id: string, body: unknown) => ({
  id,
  method: 'PATCH',
  url: `${COLLECTION}/session-${id}`,
  headers: { 'content-type': 'application/json' },
  body,
});

describe('a batch', () => {
  test('answers every entry as if it had come alone, not in order', async () => {
    const answer = await batch([
      get('1'),
      { ...get('2'), url: get('2').url.slice(1) }, // without the slash
      patch('3', { deviceName: 'New' }),
      patch('4', { nonsense: 1 }),
      { id: '5', method: 'DELETE', url: `${COLLECTION}/session-5` },
      { id: '6', method: 'GET', url: '/Nothing' },
    ]);
    expect(answer.status).toBe(200);
    const responses = responsesOf(answer);
    expect(responses.map(({ id, status }) => [id, status])).toStrictEqual([
      ['6', 400],
      ['5', 204],
      ['4', 400],
      ['3', 200],
      ['2', 200],
      ['1', 200],
    ]);
    expect(responses.find(({ id }) => id === '1')?.body).toMatchObject({ value: { deviceName: 'Reception tablet' } });
    expect(responses.find(({ id }) => id === '3')?.body).toMatchObject({ deviceName: 'New' });
    expect(responses.find(({ id }) => id === '5')).not.toHaveProperty('body');
    expect(responses.find(({ id }) => id === '6')?.body).toMatchObject({
      error: { code: 'BadRequest', innerError: { 'request-id': answer.headers.get('request-id') } },
    });
  });

  test('spells the header names of its entries in several ways, or as told', async () => {
    const names = async () =>
      responsesOf(await batch([get('1'), get('2'), get('3')])).map(({ headers }) => Object.keys(headers)[0]);
    expect(new Set(await names())).toStrictEqual(new Set(['Cache-Control', 'cache-control', 'CACHE-CONTROL']));
    scene.graph.entryHeaderCase = 'lower';
    expect(new Set(await names())).toStrictEqual(new Set(['cache-control']));
  });

  test('judges scopes entry by entry', async () => {
    scene.entra.grantedScopes = ['DeviceManagementConfiguration.Read.All'];
    const body = { requests: [get('1'), patch('2', {})] };
    const answer = await scene.call('POST', '/$batch', { body, token: await scene.graphToken() });
    expect(responsesOf(answer).map(({ status }) => status)).toStrictEqual([403, 200]);
  });

  test('is logged with its entries', async () => {
    await batch([get('1'), patch('2', { deviceName: 'New' })]);
    expect(scene.graph.requests).toMatchObject([
      {
        url: '/beta/$batch',
        status: 200,
        batch: [
          { ...get('1'), status: 200 },
          { ...patch('2', { deviceName: 'New' }), status: 200 },
        ],
      },
    ]);
  });

  test.each([400, 404] as const)('can be refused with %s', async (status) => {
    scene.graph.batchRefused = status;
    expect((await batch([get('1')])).status).toBe(status);
  });
});

describe('a whole batch is refused', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => ({ ...get('1'), id: `${index}` }));

  test.each<[string, unknown]>([
    ['of more than 20 entries', many(21)],
    ['of no entries', []],
    ['without a list', { 0: get('1') }],
    ['with an entry that is no object', ['x']],
    ['with an id twice', [get('1'), get('1')]],
    [
      'with an id twice but for case',
      [
        { ...get('1'), id: 'a' },
        { ...get('2'), id: 'A' },
      ],
    ],
    ['with an id that is no text', [{ ...get('1'), id: 1 }]],
    ['without an id', [{ method: 'GET', url: '/x' }]],
    ['without a method', [{ id: '1', url: '/x' }]],
    ['without a url', [{ id: '1', method: 'GET' }]],
    ['with an absolute url', [{ ...get('1'), url: 'https://graph.microsoft.com/beta/x' }]],
    ['with a url of another host', [{ ...get('1'), url: '//evil.test/x' }]],
    ['with a body that names no content type', [{ ...patch('1', {}), headers: {} }]],
    ['with a write that has no body', [{ ...patch('1', {}), body: undefined }]],
    ['with headers that are no text', [{ ...get('1'), headers: { a: 1 } }]],
    ['with dependsOn', [get('1'), { ...get('2'), dependsOn: ['1'] }]],
  ])('%s', async (_name, requests) => {
    const { status, body } = await batch(requests);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 'BadRequest' } });
  });

  test('that is no JSON or has another content type or method', async () => {
    const headers = { 'Content-Type': 'application/json' };
    expect((await scene.call('POST', '/$batch', { body: '{', headers })).status).toBe(400);
    expect(
      (await scene.call('POST', '/$batch', { body: '{}', headers: { 'Content-Type': 'text/plain' } })).status,
    ).toBe(400);
    expect((await scene.call('GET', '/$batch')).status).toBe(405);
  });

  test('but 20 entries are fine, and a batch inside a batch fails alone', async () => {
    expect(responsesOf(await batch(many(20)))).toHaveLength(20);
    const inner = {
      id: '1',
      method: 'POST',
      url: '/$batch',
      headers: { 'Content-Type': 'application/json' },
      body: {},
    };
    expect(responsesOf(await batch([inner]))).toMatchObject([{ status: 400 }]);
  });
});
