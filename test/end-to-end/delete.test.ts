import { describe, expect, it, test } from 'vitest';
import { applied, dropConnection, type Fault, forRequests, graphError, repeated } from '../../src/emulator/faults.ts';
import { deleteSession } from '../support/change-session.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const answerWith = ({ emulator }: TestGateway, fault: Fault) =>
  emulator.graph.respondWith(forRequests({ method: 'DELETE' }, fault));
const done = (deletedId: string) => ({ data: { deleteRemoteHelpSessionResponse: { deletedId } } });
const failed = (code: string, outcome: string) => ({
  data: { deleteRemoteHelpSessionResponse: null },
  errors: [{ path: ['deleteRemoteHelpSessionResponse'], extensions: { code, outcome } }],
});

it('deletes a session through Graph with a token obtained on behalf of the caller', async () => {
  const gateway = await startGateway();
  const token = gateway.emulator.entra.mintToken({ oid: 'somebody' });
  const { status, body } = await deleteSession(gateway, { token });
  expect({ status, body }).toEqual({ status: 200, body: done('session-1') });
  const { requests, sessions } = gateway.emulator.graph;
  expect(requests).toMatchObject([
    { method: 'DELETE', url: '/beta/RemoteHelpSessionRetrieveResponse/session-1', oid: 'somebody', status: 204 },
  ]);
  expect(requests[0]?.body).toBeUndefined();
  expect(requests[0]?.headers).not.toHaveProperty('content-type');
  expect(sessions.has('session-1')).toBe(false);
});

it('is the same the twelfth time: done once, then not found', async () => {
  const gateway = await startGateway();
  expect((await deleteSession(gateway)).body).toEqual(done('session-1'));
  for (let round = 0; round < 12; round += 1) {
    expect((await deleteSession(gateway)).body).toMatchObject({
      ...failed('NOT_FOUND', 'NOT_APPLIED'),
      errors: [{ extensions: { graph: { status: 404, code: 'ResourceNotFound' } } }],
    });
  }
  expect(sentToGraph(gateway.emulator)).toEqual(Array(13).fill('DELETE session-1'));
});

it.each(['a/b', '%2F', '..%2f..', '?$select=x', "o'key", 'Zürich 🦊', '#'])(
  'the id %j is one path segment, and is answered as it was given',
  async (id) => {
    const gateway = await startGateway();
    gateway.emulator.graph.sessions.set(id, {});
    expect((await deleteSession(gateway, { id })).body).toEqual(done(id));
    expect(gateway.emulator.graph.sessions.has(id)).toBe(false);
    expect(gateway.emulator.graph.sessions.size).toBeGreaterThan(0);
  },
);

it.each(['', '.', '..', '$count', '$ref', 'x(1)', 'microsoft.graph.delta', 'x'.repeat(513)])(
  'the id %j is refused, and nothing is sent: it could be the collection’s own',
  async (id) => {
    const gateway = await startGateway();
    expect((await deleteSession(gateway, { id })).body).toMatchObject(failed('BAD_USER_INPUT', 'NOT_APPLIED'));
    expect(gateway.emulator.graph.requests).toEqual([]);
  },
);

test.each<[string, Fault]>([
  ['200 with the session', { status: 200, body: { deviceName: 'x' } }],
  ['200 with an error in it', { status: 200, body: { error: { code: 'x' } } }],
  ['202 without content', { status: 202 }],
  ['200 with a page', { status: 200, body: '<!DOCTYPE html>' }],
  ['200 with cut JSON', { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"a' }],
])('%s is done, whatever its body', async (_what, fault) => {
  const gateway = await startGateway();
  answerWith(gateway, { ...fault, apply: true });
  expect((await deleteSession(gateway)).body).toEqual(done('session-1'));
  expect(sentToGraph(gateway.emulator)).toEqual(['DELETE session-1']);
});

describe('what Graph refuses', () => {
  it.each([
    [400, 'BAD_USER_INPUT'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [409, 'CONFLICT'],
    [410, 'NOT_FOUND'],
    [412, 'CONFLICT'],
    [501, 'UPSTREAM_UNAVAILABLE'],
  ])('%i is %s, not applied, asked once', async (status, code) => {
    const gateway = await startGateway();
    answerWith(gateway, graphError(status, 'ThatCode', 'canary'));
    const { body } = await deleteSession(gateway);
    expect(body).toMatchObject(failed(code, 'NOT_APPLIED'));
    expect(gateway.emulator.graph.requests).toHaveLength(1);
    expect(JSON.stringify(body) + gateway.logText()).not.toContain('canary');
  });

  it('is asked again where Graph says that it did not do it', async () => {
    const gateway = await startGateway();
    answerWith(gateway, repeated(2, graphError(503, 'x')));
    expect((await deleteSession(gateway)).body).toEqual(done('session-1'));
    expect(sentToGraph(gateway.emulator)).toEqual(Array(3).fill('DELETE session-1'));
  });

  it('a person without the right is FORBIDDEN', async () => {
    const gateway = await startGateway();
    gateway.emulator.entra.grantedScopes = ['DeviceManagementConfiguration.Read.All'];
    expect((await deleteSession(gateway)).body).toMatchObject(failed('FORBIDDEN', 'NOT_APPLIED'));
    expect(gateway.emulator.graph.sessions.has('session-1')).toBe(true);
  });
});

describe('a delete of which nobody knows', () => {
  const LOOK = 'session-1?$select=deviceName';

  it.each([
    ['a broken connection', dropConnection()],
    ['500', graphError(500, 'x')],
    ['502', graphError(502, 'x')],
    ['504', graphError(504, 'x')],
  ])('is done when one look finds nothing: %s', async (_what, fault) => {
    const gateway = await startGateway();
    answerWith(gateway, applied(fault));
    expect((await deleteSession(gateway)).body).toEqual(done('session-1'));
    expect(sentToGraph(gateway.emulator)).toEqual(['DELETE session-1', LOOK]);
  });

  it.each<[string, Fault | undefined]>([
    ['finds it', undefined],
    ['fails', graphError(403, 'x')],
    ['meets a page of a proxy', { status: 404, body: '<!DOCTYPE html>' }],
    [
      'meets a path that Graph does not know',
      graphError(404, 'BadRequest', "Resource not found for the segment 'RemoteHelpSessionRetrieveResponse'."),
    ],
  ])('stays UNKNOWN when the look %s', async (_what, fault) => {
    const gateway = await startGateway();
    answerWith(gateway, dropConnection());
    if (fault !== undefined) gateway.emulator.graph.respondWith(forRequests({ method: 'GET' }, fault));
    expect((await deleteSession(gateway)).body).toMatchObject(failed('UPSTREAM_UNAVAILABLE', 'UNKNOWN'));
    expect(sentToGraph(gateway.emulator)).toEqual(['DELETE session-1', LOOK]);
  });
});
