import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { applied, delayed, dropConnection, forRequests, graphError, throttled } from '../../src/emulator/faults.ts';
import { createdSession, createSession, deleteSession } from '../support/change-session.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');
const auditLines = ({ logs }: TestGateway) =>
  logs().flatMap(({ audit, msg }) => (audit === undefined ? [] : [{ msg, ...(audit as Record<string, unknown>) }]));

const create = (alias: string, key: string) =>
  `${alias}: createRemoteHelpSessionResponse(input: { sessionKey: "${key}", deviceName: "made" }) { remoteHelpSessionResponse { id deviceName } }`;
const update = (alias: string, id: string) =>
  `${alias}: updateRemoteHelpSessionResponse(id: "${id}", input: { deviceName: "changed" }) { remoteHelpSessionResponse { id deviceName } }`;
const remove = (alias: string, id: string) => `${alias}: deleteRemoteHelpSessionResponse(id: "${id}") { deletedId }`;
const session = (id: string, deviceName: string) => ({ remoteHelpSessionResponse: { id, deviceName } });

describe('create, update and delete in one operation', () => {
  it('run in order, and one that fails does not stop those behind it, however often the document comes', async () => {
    const gateway = await startGateway();
    const document = `mutation {
      ${create('made', 'new')} ${create('taken', 'session-2')} ${update('changed', 'new')} ${remove('missing', 'nobody')}
      ${remove('gone', 'new')} ${update('late', 'new')} ${create('again', 'new')} ${remove('end', 'new')}
    }`;
    const first = await gateway.query(document);
    expect(first.status).toBe(200);
    expect(first.body.data).toEqual({
      made: session('new', 'made'),
      taken: null,
      changed: session('new', 'changed'),
      missing: null,
      gone: { deletedId: 'new' },
      late: null,
      again: session('new', 'made'),
      end: { deletedId: 'new' },
    });
    expect(first.body.errors).toMatchObject([
      { path: ['taken'], extensions: { code: 'CONFLICT', outcome: 'NOT_APPLIED' } },
      { path: ['missing'], extensions: { code: 'NOT_FOUND', outcome: 'NOT_APPLIED' } },
      { path: ['late'], extensions: { code: 'NOT_FOUND', outcome: 'NOT_APPLIED' } },
    ]);
    const sent = ['POST ', 'POST ', 'PATCH new', 'DELETE nobody', 'DELETE new', 'PATCH new', 'POST ', 'DELETE new'];
    expect(sentToGraph(gateway.emulator)).toEqual(sent);
    for (let round = 0; round < 12; round += 1) {
      const { data, errors } = (await gateway.query(document)).body;
      expect(data).toEqual(first.body.data);
      expect(errors.map(({ path }: { path: unknown }) => path)).toEqual([['taken'], ['missing'], ['late']]);
    }
    expect(sentToGraph(gateway.emulator)).toEqual(Array(13).fill(sent).flat());
  });

  it('one whose outcome nobody knows leaves the others theirs', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(forRequests({ method: 'DELETE' }, { status: 502 }));
    const { body } = await gateway.query(
      `mutation { ${remove('lost', 'session-1')} ${create('made', 'new')} ${update('changed', 'session-1')} }`,
    );
    expect(body.data).toEqual({ lost: null, made: session('new', 'made'), changed: session('session-1', 'changed') });
    expect(body.errors).toMatchObject([{ path: ['lost'], extensions: { outcome: 'UNKNOWN' } }]);
  });

  it('count together: eleven are refused, and nothing is sent', async () => {
    const gateway = await startGateway();
    const fields = Array.from({ length: 11 }, (_, n) =>
      n % 2 === 0 ? create(`c${n}`, `k${n}`) : remove(`d${n}`, `k${n}`),
    );
    const { status, body } = await gateway.query(`mutation { ${fields.join(' ')} }`);
    expect(status).toBe(400);
    expect(body.errors[0].message).toContain('at most 10 are allowed');
    expect(gateway.emulator.graph.requests).toEqual([]);
    expect((await gateway.query(`mutation { ${fields.slice(1).join(' ')} }`)).status).toBe(200);
    expect(gateway.emulator.graph.requests).toHaveLength(10);
  });

  it('stop being sent when the caller has caused all that it may', async () => {
    const gateway = await startGateway({ env: { GRAPH_REQUESTS_PER_MINUTE: '2' } });
    const { status, body } = await gateway.query(
      `mutation { ${create('a', 'a')} ${create('b', 'b')} ${remove('c', 'a')} ${create('d', 'd')} }`,
    );
    expect(status).toBe(429);
    expect(body.data).toEqual({ a: session('a', 'made'), b: session('b', 'made'), c: null, d: null });
    expect(body.errors).toMatchObject(
      ['c', 'd'].map((path) => ({ path: [path], extensions: { code: 'RATE_LIMITED', outcome: 'NOT_APPLIED' } })),
    );
    expect(sentToGraph(gateway.emulator)).toEqual(['POST ', 'POST ']);
  });
});

describe.each([
  ['create', 'POST', create('one', 'new'), 'new'],
  ['delete', 'DELETE', remove('one', 'session-1'), 'session-1'],
] as const)('a %s', (act, method, field, id) => {
  it('that Graph wants a stronger sign-in for says so, and is not applied', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.requireClaims('{"access_token":{"acrs":{"essential":true,"value":"c1"}}}');
    gateway.emulator.entra.respondWith({
      match: { method: 'POST' },
      status: 400,
      body: {
        error: 'interaction_required',
        error_codes: [50076],
        error_description: 'AADSTS50076: x',
        suberror: 'basic_action',
        claims: '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}',
      },
    });
    const { status, headers, body } = await gateway.query(`mutation { ${field} }`);
    expect(status).toBe(401);
    expect(String(headers['www-authenticate'])).toMatch(/^Bearer /);
    expect(body.errors).toMatchObject([{ extensions: { code: 'INTERACTION_REQUIRED', outcome: 'NOT_APPLIED' } }]);
    expect(gateway.emulator.graph.sessions.has(id)).toBe(act === 'delete');
  });

  it('runs to its end although the client has gone, and is in the audit log', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(forRequests({ method }, delayed(80)));
    const gone = new AbortController();
    const token = gateway.emulator.entra.mintToken();
    const asked = gateway
      .http('/graphql', {
        method: 'POST',
        signal: gone.signal,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: `mutation { ${field} }` }),
      })
      .catch(() => undefined);
    await expect.poll(() => gateway.emulator.graph.requests.length, { interval: 5 }).toBe(1);
    gone.abort();
    await asked;
    await expect.poll(() => auditLines(gateway)).toMatchObject([{ msg: act, outcome: 'APPLIED', session: sha256(id) }]);
    expect(gateway.emulator.graph.sessions.has(id)).toBe(act === 'create');
  });

  it('does not wait for longer than the budget', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(forRequests({ method }, throttled(60)));
    const { body } = await gateway.query(`mutation { ${field} }`);
    expect(body.errors).toMatchObject([
      { extensions: { code: 'THROTTLED', outcome: 'NOT_APPLIED', retryAfterSeconds: 60 } },
    ]);
  });

  it('is never part of a GET', async () => {
    const gateway = await startGateway();
    const token = gateway.emulator.entra.mintToken();
    const { status } = await gateway.http(`/graphql?query=${encodeURIComponent(`mutation { ${field} }`)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(status).toBe(405);
    expect(gateway.emulator.graph.requests).toEqual([]);
  });
});

describe('audit lines', () => {
  const input = { sessionKey: 'new', acsHelperUserToken: 'value-of-a-secret', deviceName: 'Tablet' };

  it('of a create and a delete name the session by the hash of its id, and no value', async () => {
    const gateway = await startGateway({ env: { LOG_LEVEL: 'info' } });
    const token = gateway.emulator.entra.mintToken({ oid: 'somebody', azp: 'an app' });
    await createSession(gateway, { token, input });
    await deleteSession(gateway, { token, id: 'new' });
    const common = {
      tid: gateway.emulator.entra.tenantId,
      oid: 'somebody',
      azp: 'an app',
      session: sha256('new'),
      outcome: 'APPLIED',
      graphRequestIds: [expect.any(String)],
      clientRequestIds: [],
      durationMs: expect.any(Number),
    };
    expect(auditLines(gateway)).toEqual([
      {
        ...common,
        msg: 'create',
        action: 'createRemoteHelpSessionResponse',
        fields: ['sessionKey', 'acsHelperUserToken', 'deviceName'],
      },
      { ...common, msg: 'delete', action: 'deleteRemoteHelpSessionResponse', fields: [] },
    ]);
    expect(gateway.logText()).not.toContain('value-of-a-secret');
    expect(gateway.logText()).not.toMatch(/"new"|\/new\b/);
  });

  it('of a create name the id that Graph gave, where it gave one', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith({ status: 201, body: { id: 'graphs', sessionKey: 'new' } });
    await createSession(gateway, { input });
    expect(auditLines(gateway)).toMatchObject([{ session: sha256('graphs'), outcome: 'APPLIED' }]);
  });

  it.each([
    ['refused', graphError(409, 'x'), { outcome: 'NOT_APPLIED', code: 'CONFLICT' }],
    ['unknown', dropConnection(), { outcome: 'UNKNOWN', code: 'UPSTREAM_UNAVAILABLE' }],
    ['unread', { status: 204 }, { outcome: 'APPLIED', code: 'UPSTREAM_UNAVAILABLE' }],
  ])('of a create that is %s name the given session key, or nothing', async (_what, fault, expected) => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(forRequests({ method: 'POST' }, { ...fault, times: 2 }));
    await createSession(gateway, { input });
    await createSession(gateway, { input: { deviceName: 'Tablet' } });
    const [named, unnamed] = auditLines(gateway);
    expect(named).toMatchObject({ msg: 'create', session: sha256('new'), ...expected });
    expect(unnamed).toMatchObject({ msg: 'create', fields: ['deviceName'], ...expected });
    expect(unnamed).not.toHaveProperty('session');
  });

  it('of a delete that failed say what is known of it', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(forRequests({ method: 'DELETE' }, applied(dropConnection())));
    await deleteSession(gateway);
    await deleteSession(gateway);
    await deleteSession(gateway, { id: '..' });
    expect(auditLines(gateway)).toMatchObject([
      { msg: 'delete', session: sha256('session-1'), outcome: 'APPLIED' },
      { msg: 'delete', session: sha256('session-1'), outcome: 'NOT_APPLIED', code: 'NOT_FOUND' },
      { msg: 'delete', session: sha256('..'), outcome: 'NOT_APPLIED', code: 'BAD_USER_INPUT' },
    ]);
  });
});

it('a create answers secrets that are selected, and no line holds them', async () => {
  const gateway = await startGateway();
  const secrets = {
    sessionKey: 'canary-key',
    acsHelperUserToken: 'canary-token',
    pubSubHelperAccessUri: 'wss://canary-uri',
  };
  const answer = await createSession(gateway, { input: secrets, fields: Object.keys(secrets).join(' ') });
  expect(createdSession(answer)).toEqual(secrets);
  for (const fault of [graphError(400, 'x', 'canary-token'), dropConnection(), { status: 204 }]) {
    gateway.emulator.graph.respondWith(forRequests({ method: 'POST' }, fault));
    const { body } = await createSession(gateway, { input: { ...secrets, sessionKey: 'canary-other' } });
    expect(JSON.stringify(body)).not.toContain('canary');
  }
  expect(gateway.logText()).not.toContain('canary');
});
