import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sampleSessions } from '../../src/emulator/sample-sessions.ts';
import { COLLECTION, type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

const [firstId, _first] = sampleSessions[0] as (typeof sampleSessions)[number];
const patch = (body: unknown) => scene.call('PATCH', `${COLLECTION}/${firstId}`, { body });
const errorOf = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  [status, (body.error as { code: string }).code] as const;
const messageOf = ({ body }: { body: Record<string, unknown> }) => (body.error as { message: string }).message;

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
