import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sampleSessions } from '../../src/emulator/sample-sessions.ts';
import { COLLECTION, type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

const TYPE = '#microsoft.graph.retrieveRemoteHelpSessionResponse';
const [firstId, first] = sampleSessions[0] as (typeof sampleSessions)[number];
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

  test('finds a session by the key in its path only, which is its session key from the start', async () => {
    expect(sampleSessions.map(([id, { sessionKey }]) => id === sessionKey)).not.toContain(false);
    scene.graph.sessions.set('a-key', { sessionKey: 'another-key' });
    expect((await scene.call('GET', `${COLLECTION}/a-key`)).status).toBe(200);
    expect((await scene.call('GET', `${COLLECTION}/another-key`)).status).toBe(404);
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
