import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { sampleSessions } from '../../src/emulator/sample-sessions.ts';
import { COLLECTION, read, type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

type ServerName = 'entra' | 'graph';
async function control(server: ServerName, method: string, path: string, body?: unknown, origin?: string) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return read(
    await fetch(`${scene[server].origin}/_emulator/${path}`, {
      method,
      headers: origin === undefined ? {} : { origin, 'Access-Control-Request-Headers': 'content-type' },
      ...(body === undefined ? {} : { body: text }),
    }),
  );
}
const bothServers = test.each<ServerName>(['entra', 'graph']);
const problem = ({ status, body }: { status: number; body: Readonly<Record<string, unknown>> }) => [status, body.error];

describe('tokens', () => {
  test('are for whom one says, else for the first sample person', async () => {
    const mint = async (options?: unknown) =>
      decodeJwt(String((await control('entra', 'POST', 'token', options)).body.access_token));
    expect(await mint()).toMatchObject({ oid: samplePeople[0]?.oid, name: samplePeople[0]?.name });
    expect(await mint({ oid: samplePeople[1]?.oid })).toMatchObject({ name: samplePeople[1]?.name });
    const bent = { oid: 'somebody', name: 'Some Body', scp: 'other', exp: 4_000_000_000, aud: 'api://x', acrs: ['c1'] };
    expect(await mint(bent)).toMatchObject(bent);
  });

  test.each<[string, unknown, string]>([
    ['an unknown member', { oid: 'x', surprise: 1 }, 'unknown member "surprise" of the token'],
    ['a member of every object', { constructor: 'x' }, 'unknown member "constructor" of the token'],
    ['a wrong type', { exp: 'tomorrow' }, '"exp" of the token: expected Unix seconds'],
    ['a list', [], 'expected a JSON object'],
    ['no JSON', '{', 'expected a JSON object'],
  ])('are refused with %s', async (_name, body, said) => {
    expect(problem(await control('entra', 'POST', 'token', body))).toEqual([400, expect.stringContaining(said)]);
  });
});

describe('faults', () => {
  test.each<[string, unknown, string]>([
    ['an unknown member', [{ surprise: 1 }], 'unknown member "surprise" of fault 1'],
    ['an unknown member of match', [{ match: { oidd: 'x' } }], 'unknown member "oidd" of "match" of fault 1'],
    ['an unknown preset', [{ status: 503 }, { preset: 'nonsense' }], 'unknown preset "nonsense" of fault 2'],
    ['a preset of every object', [{ preset: 'constructor' }], 'unknown preset "constructor"'],
    ['a preset that is no text', [{ preset: 1 }], '"preset" of fault 1: expected text'],
    ['a match that is none', [{ match: 'GET' }], '"match" of fault 1: expected an object'],
    ['a wrong status', [{ status: 42 }], '"status" of fault 1'],
    ['half a time', [{ times: 0.5 }], '"times" of fault 1'],
    ['a number', [7], 'fault 1: expected a JSON object'],
    ['no JSON', '[{', 'no JSON'],
    ['nothing', undefined, 'expected a JSON object'],
  ])('are refused with %s, and nothing of the list is added', async (_name, body, said) => {
    expect(problem(await control('graph', 'POST', 'faults', body))).toEqual([400, expect.stringContaining(said)]);
    expect((await scene.call('GET', COLLECTION)).status).toBe(200);
  });

  test.each<[ServerName, string]>([
    ['entra', 'step-up'],
    ['entra', 'timeout'],
    ['graph', 'mfa'],
    ['graph', 'expired-secret'],
  ])('of %s know no preset of the other server: %s', async (server, preset) => {
    const [status, said] = problem(await control(server, 'POST', 'faults', [{ status: 500 }, { preset }]));
    expect([status, said]).toEqual([400, expect.stringContaining(`unknown preset "${preset}"`)]);
    expect((await (server === 'entra' ? scene.exchange() : scene.call('GET', COLLECTION))).status).toBe(200);
  });

  test('are used once, unless times says otherwise', async () => {
    await control('graph', 'POST', 'faults', [{ status: 500 }, { status: 502, times: 2 }]);
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await scene.call('GET', COLLECTION)).status);
    expect(statuses).toEqual([500, 502, 502, 200]);
  });

  bothServers('of %s are refused when too many wait', async (server) => {
    const many = (count: number) => Array.from({ length: count }, () => ({ status: 500 }));
    expect((await control(server, 'POST', 'faults', many(1_000))).status).toBe(204);
    expect((await control(server, 'POST', 'faults', many(1))).status).toBe(400);
    expect((await control(server, 'DELETE', 'faults')).status).toBe(204);
  });
});

describe('presets of Entra', () => {
  const c1 = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  test.each<[string, number, unknown]>([
    ['mfa', 400, { error: 'invalid_grant', error_codes: [50076], suberror: 'basic_action', claims: c1 }],
    ['consent', 400, { error: 'invalid_grant', error_codes: [65001], suberror: 'consent_required' }],
    ['conditional-access', 400, { error_codes: [53003], claims: expect.stringContaining('capolids') }],
    ['expired-secret', 401, { error: 'invalid_client', error_codes: [7000222] }],
    ['throttled', 429, { error_codes: [90055] }],
    ['down', 503, {}],
  ])('%s holds at the token endpoint, and only there, until it is deleted', async (preset, status, body) => {
    expect((await control('entra', 'POST', 'faults', [{ preset }])).status).toBe(204);
    for (let time = 0; time < 3; time += 1) {
      const answer = await scene.exchange();
      expect([answer.status, answer.body]).toEqual([status, expect.objectContaining(body)]);
      expect(Number(answer.headers.get('retry-after'))).toBe(preset === 'throttled' ? 20 : 0);
    }
    const keys = await fetch(`${scene.entra.origin}/${scene.entra.tenantId}/discovery/v2.0/keys`);
    expect(keys.status).toBe(200);
    await control('entra', 'DELETE', 'faults');
    expect((await scene.exchange()).status).toBe(200);
  });

  test('mfa lets through who has stepped up, conditional-access nobody', async () => {
    const stepped = () => scene.exchange({ assertion: scene.entra.mintToken({ acrs: ['c1'] }) });
    await control('entra', 'POST', 'faults', { preset: 'mfa' });
    expect([(await scene.exchange()).status, (await stepped()).status]).toEqual([400, 200]);
    await control('entra', 'POST', 'reset');
    await control('entra', 'POST', 'faults', { preset: 'conditional-access' });
    expect((await stepped()).status).toBe(400);
  });

  test('may be meant for one person, and for some times', async () => {
    const oid = samplePeople[1]?.oid ?? '';
    await control('entra', 'POST', 'faults', [{ preset: 'consent', times: 2, match: { oid } }]);
    const other = async () => (await scene.exchange({ assertion: scene.entra.mintToken({ oid }) })).status;
    expect((await scene.exchange()).status).toBe(200);
    expect([await other(), await other(), await other()]).toEqual([400, 400, 200]);
  });
});

describe('presets of Graph', () => {
  test.each<[string, number, string | undefined]>([
    ['throttled', 429, '20'],
    ['down', 503, undefined],
    ['forbidden', 403, undefined],
    ['conflict', 409, undefined],
    ['step-up', 401, undefined],
  ])('%s holds until it is deleted', async (preset, status, retryAfter) => {
    await control('graph', 'POST', 'faults', [{ preset }]);
    for (let time = 0; time < 3; time += 1) {
      const answer = await scene.call('GET', `${COLLECTION}/session-1`);
      expect([answer.status, answer.headers.get('retry-after') ?? undefined]).toEqual([status, retryAfter]);
    }
    await control('graph', 'DELETE', 'faults');
    expect((await scene.call('GET', COLLECTION)).status).toBe(200);
  });

  test.each<[string, number, number | undefined]>([
    ['throttled', 200, 429],
    ['forbidden', 200, 403],
    ['conflict', 200, 409],
    ['down', 503, undefined],
    ['step-up', 401, undefined],
  ])('%s meets a batch as Graph would', async (preset, whole, entry) => {
    await control('graph', 'POST', 'faults', [{ preset }]);
    const requests = ['1', '2'].map((id) => ({ id, method: 'GET', url: `${COLLECTION}/session-${id}` }));
    const { status, body } = await scene.call('POST', '/$batch', { body: { requests } });
    const entries = ((body.responses ?? []) as { status: number }[]).map((one) => one.status);
    expect([status, entries]).toEqual([whole, entry === undefined ? [] : [entry, entry]]);
  });

  test('lost-answer applies the update and breaks the connection', async () => {
    await control('graph', 'POST', 'faults', [{ preset: 'lost-answer', times: 1 }]);
    const update = scene.call('PATCH', `${COLLECTION}/session-1`, { body: { deviceName: 'Applied' } });
    await expect(update).rejects.toThrow();
    const { body } = await control('graph', 'GET', 'sessions');
    expect(body).toMatchObject({ 'session-1': { deviceName: 'Applied' } });
  });

  test('timeout never answers', async () => {
    await control('graph', 'POST', 'faults', [{ preset: 'timeout' }]);
    const signal = AbortSignal.timeout(30);
    await expect(fetch(scene.graph.baseUrl + COLLECTION, { signal })).rejects.toThrow('aborted');
  });

  test('step-up is met by a token of somebody who has stepped up, not by asking Entra for the claims', async () => {
    await control('graph', 'POST', 'faults', [{ preset: 'step-up' }]);
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    const asked = await scene.call('GET', COLLECTION, { token: await scene.graphToken({}, { claims }) });
    expect(asked.status).toBe(401);
    expect(asked.headers.get('www-authenticate')).toContain(`claims="${Buffer.from(claims).toString('base64')}"`);
    const stepped = await scene.call('GET', COLLECTION, { token: await scene.graphToken({ acrs: ['c1'] }) });
    expect(stepped.status).toBe(200);
  });
});

describe('sessions', () => {
  test('are shown by id, and replaced', async () => {
    expect((await control('graph', 'GET', 'sessions')).body).toEqual(Object.fromEntries(sampleSessions));
    const seeded = { mine: { deviceName: 'Mine', sessionType: 'aFutureMember' }, 'a/b': { sessionKey: null } };
    expect((await control('graph', 'PUT', 'sessions', seeded)).status).toBe(204);
    expect((await control('graph', 'GET', 'sessions')).body).toEqual(seeded);
    expect((await scene.call('GET', `${COLLECTION}/mine`)).body).toMatchObject({ value: { deviceName: 'Mine' } });
    const list = await scene.call('GET', `${COLLECTION}?$select=sessionKey`);
    expect(list.body.value).toMatchObject([{ sessionKey: 'mine' }, { sessionKey: null }]);
    expect((await control('graph', 'PUT', 'sessions', {})).status).toBe(204);
    expect((await scene.call('GET', COLLECTION)).body.value).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['a list', [], 'expected a JSON object of sessions'],
    ['no JSON', '{', 'expected a JSON object of sessions'],
    ['nothing', undefined, 'expected a JSON object of sessions'],
    ['a session that is none', { a: {}, b: 'x' }, 'session "b": expected a JSON object'],
    ['an unknown property', { a: {}, b: { devicename: 'x' } }, 'unknown member "devicename" of session "b"'],
    ['a wrong value', { a: { deviceName: 7 } }, '"deviceName" of session "a": expected text or null'],
    ['an empty id', { '': {} }, 'empty id'],
  ])('stay as they are for %s', async (_name, body, said) => {
    expect(problem(await control('graph', 'PUT', 'sessions', body))).toEqual([400, expect.stringContaining(said)]);
    expect((await control('graph', 'GET', 'sessions')).body).toEqual(Object.fromEntries(sampleSessions));
  });
});

describe('what came in', () => {
  bothServers('is shown by %s and forgotten, and control is no part of it', async (server) => {
    await scene.call('GET', COLLECTION, { token: await scene.graphToken() });
    const shown = async () => JSON.parse((await control(server, 'GET', 'requests')).text);
    expect(await shown()).toMatchObject([{ method: server === 'entra' ? 'POST' : 'GET', status: 200 }]);
    expect((await control(server, 'DELETE', 'requests')).status).toBe(204);
    expect(await shown()).toEqual([]);
  });
});

describe('reset', () => {
  test('makes Graph as after the start', async () => {
    await control('graph', 'PUT', 'sessions', { other: {} });
    await control('graph', 'POST', 'faults', [{ preset: 'down' }]);
    scene.graph.pageSize = 1;
    await scene.call('GET', COLLECTION);
    expect((await control('graph', 'POST', 'reset')).status).toBe(204);
    expect((await control('graph', 'GET', 'requests')).text).toBe('[]');
    expect((await scene.call('GET', COLLECTION)).body.value).toHaveLength(sampleSessions.length);
  });

  test('makes Entra as after the start, and tokens stay good', async () => {
    const assertion = scene.entra.mintToken();
    await control('entra', 'POST', 'faults', [{ preset: 'down' }]);
    scene.entra.grantedScopes = [];
    expect((await control('entra', 'POST', 'reset')).status).toBe(204);
    expect((await scene.exchange({ assertion })).status).toBe(200);
  });

  bothServers('of %s takes no members', async (server) => {
    const answer = await control(server, 'POST', 'reset', { sessions: true });
    expect(problem(answer)).toEqual([400, expect.stringContaining('"sessions"')]);
  });
});

describe('a page in a browser', () => {
  const local = ['http://localhost:5173', 'https://localhost', 'http://127.0.0.1:8080', 'http://[::1]:3000'];
  test.each(local)('of %s may steer it', async (origin) => {
    for (const server of ['entra', 'graph'] as const) {
      const preflight = await control(server, 'OPTIONS', 'faults', undefined, origin);
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-methods')).toContain('DELETE');
      expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
      const answer = await control(server, 'GET', 'requests', undefined, origin);
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
      expect(answer.headers.get('vary')).toContain('Origin');
    }
    const token = await control('entra', 'POST', 'token', {}, origin);
    expect(token.headers.get('access-control-allow-origin')).toBe(origin);
    const refused = await control('graph', 'PUT', 'sessions', [], origin);
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, origin]);
  });

  const foreign = ['https://evil.example', 'http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'null'];
  test.each(foreign)('of %s may not', async (origin) => {
    await control('graph', 'POST', 'faults', [{ status: 500 }], origin);
    const preflight = await control('graph', 'OPTIONS', 'faults', undefined, origin);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    const token = await control('entra', 'POST', 'token', {}, origin);
    expect([token.status, token.body.access_token, token.headers.get('access-control-allow-origin')]).toEqual([
      403,
      undefined,
      null,
    ]);
    expect((await scene.call('GET', COLLECTION)).status).toBe(200);
  });
});

test('an unknown control route is named, and no part of the log', async () => {
  expect(problem(await control('graph', 'POST', 'token'))).toEqual([404, expect.stringContaining('/_emulator/token')]);
  expect((await control('entra', 'PUT', 'sessions', {})).status).toBe(404);
  expect(scene.graph.requests).toEqual([]);
});
