import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as faults from '../../src/emulator/faults.ts';
import { COLLECTION, type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

const one = `${COLLECTION}/session-1`;
const read = () => scene.call('GET', one);
const rename = (deviceName: string) => scene.call('PATCH', one, { body: { deviceName } });
const batch = (...ids: string[]) =>
  scene.call('POST', '/$batch', {
    body: { requests: ids.map((id) => ({ id, method: 'GET', url: `${COLLECTION}/session-${id}` })) },
  });
const nameAtGraph = () => scene.graph.sessions.get('session-1')?.deviceName;
/** The code of a connection that broke. */
const broken = (error: Error) => (error.cause as { code: string }).code;

describe('scripted faults', () => {
  test('are used up in order, then all is well', async () => {
    scene.graph.respondWith([faults.throttled(7), faults.unavailable(502)]);
    scene.graph.respondWith(faults.graphError(409, 'Conflict'));
    const answers = [await read(), await read(), await read(), await read()];
    expect(answers.map(({ status }) => status)).toStrictEqual([429, 502, 409, 200]);
    expect(answers[0]?.headers.get('retry-after')).toBe('7');
    expect(answers[0]?.body).toMatchObject({ error: { code: 'TooManyRequests' } });
    expect(answers[0]?.headers.get('request-id')).toBeTruthy();
    expect(answers[1]?.headers.get('content-type')).toContain('text/html');
    expect(scene.graph.requests.map(({ status }) => status)).toStrictEqual([429, 502, 409, 200]);
  });

  test('last as often as told, and can be cleared', async () => {
    scene.graph.respondWith(faults.repeated(2, faults.unavailable()));
    expect([(await read()).status, (await read()).status, (await read()).status]).toStrictEqual([503, 503, 200]);
    scene.graph.respondWith(faults.repeated(Number.POSITIVE_INFINITY, faults.unavailable()));
    expect([(await read()).status, (await read()).status]).toStrictEqual([503, 503]);
    scene.graph.clearFaults();
    expect((await read()).status).toBe(200);
  });

  test('may answer something that is no JSON under the name of JSON, or nothing', async () => {
    scene.graph.respondWith([
      { status: 200, body: '{"value":', headers: { 'content-type': 'application/json; charset=utf-8' } },
      { status: 200, body: ['not', 'an', 'object'] },
      { status: 500 },
    ]);
    const response = await fetch(scene.graph.baseUrl + one);
    expect([response.headers.get('content-type'), await response.text()]).toStrictEqual([
      'application/json; charset=utf-8',
      '{"value":',
    ]);
    expect((await read()).text).toBe('["not","an","object"]');
    expect((await read()).text).toBe('');
  });

  test.each<[string, faults.Fault['match'], boolean]>([
    ['its method', { method: 'get' }, true],
    ['another method', { method: 'PATCH' }, false],
    ['the beginning of its path', { path: '/beta/RemoteHelp' }, true],
    ['its path below the version', { path: one }, true],
    ['another path', { path: '/beta/x' }, false],
    ['a pattern', { path: /session-\d$/ }, true],
    ['a global pattern', { path: /session/g }, true],
    ['another pattern', { path: /session-[2-9]/ }, false],
    ['its user', { oid: '0b5e7e57-9abc-4def-8012-3456789abcde' }, true],
    ['another user', { oid: 'somebody' }, false],
    ['entries of batches', { inBatch: true }, false],
  ])('can be meant for %s', async (_name, match, met) => {
    scene.graph.respondWith(faults.forRequests(match ?? {}, faults.unavailable()));
    expect((await read()).status).toBe(met ? 503 : 200);
  });

  test('spare the entries of a batch unless meant for them', async () => {
    scene.graph.respondWith(faults.forRequests({ inBatch: true, path: /session-2/ }, faults.throttled(3)));
    scene.graph.entryHeaderCase = 'canonical';
    const { status, body } = await batch('1', '2');
    expect(status).toBe(200);
    expect(body.responses).toMatchObject([
      { id: '2', status: 429, headers: { 'Retry-After': '3' }, body: { error: { code: 'TooManyRequests' } } },
      { id: '1', status: 200 },
    ]);
    expect(scene.graph.requests[0]?.batch).toMatchObject([{ status: 200 }, { status: 429 }]);
    scene.graph.respondWith(faults.unavailable());
    expect((await batch('1')).status).toBe(503);
  });

  test('put text into an entry as base64', async () => {
    scene.graph.respondWith(faults.forRequests({ inBatch: true }, { status: 502, body: '<html>' }));
    const { body } = await batch('1');
    expect(body.responses).toMatchObject([{ status: 502, body: Buffer.from('<html>').toString('base64') }]);
  });

  test('may carry the request out all the same', async () => {
    scene.graph.respondWith([faults.unavailable(504), faults.applied(faults.unavailable(504))]);
    expect((await rename('refused')).status).toBe(504);
    expect(nameAtGraph()).not.toBe('refused');
    expect((await rename('applied')).status).toBe(504);
    expect(nameAtGraph()).toBe('applied');
  });

  test('may break the connection, before or inside the answer', async () => {
    scene.graph.respondWith([
      faults.dropConnection(),
      faults.applied(faults.dropConnection('mid-body')),
      faults.dropConnection('mid-body'),
    ]);
    expect(await rename('not applied').catch(broken)).toBe('UND_ERR_SOCKET');
    expect(nameAtGraph()).not.toBe('not applied');
    expect(await rename('applied twice').catch(broken)).toBe('UND_ERR_SOCKET');
    expect(nameAtGraph()).toBe('applied twice');
    expect(await read().catch(broken)).toBe('UND_ERR_SOCKET');
    expect(scene.graph.requests.map(({ status }) => status)).toStrictEqual([undefined, undefined, undefined]);
  });

  test('inside a batch may break all of it', async () => {
    scene.graph.respondWith(faults.forRequests({ inBatch: true }, faults.dropConnection()));
    expect(await batch('1', '2').catch(broken)).toBe('UND_ERR_SOCKET');
  });

  test('may hang, until the caller gives up', async () => {
    scene.graph.respondWith(faults.hang());
    const signal = AbortSignal.timeout(30);
    await expect(fetch(scene.graph.baseUrl + one, { signal })).rejects.toThrow('aborted');
    expect((await read()).status).toBe(200);
  });

  test('may only delay', async () => {
    scene.graph.respondWith(faults.delayed(20));
    const answered: string[] = [];
    await Promise.all([
      read().then(() => answered.push('delayed')),
      Promise.resolve().then(async () => {
        await scene.call('GET', `${COLLECTION}/session-2`);
        answered.push('prompt');
      }),
    ]);
    expect(answered).toStrictEqual(['prompt', 'delayed']);
  });

  test('work at Entra, by the user of the assertion too', async () => {
    const oid = '11111111-2222-4333-8444-555555555555';
    const consent = faults.entraError(65001, { suberror: 'consent_required' });
    scene.entra.respondWith([faults.forRequests({ oid }, consent), faults.unavailable()]);
    expect((await scene.exchange()).status).toBe(503);
    expect((await scene.exchange()).status).toBe(200);
    const { status, body } = await scene.exchange({ assertion: scene.entra.mintToken({ oid }) });
    expect([status, body.error_codes, body.suberror]).toStrictEqual([400, [65001], 'consent_required']);
  });

  test('cannot pile up without end', () => {
    expect(() => scene.graph.respondWith(Array.from({ length: 1_001 }, faults.hang))).toThrow(RangeError);
  });
});
