import { describe, expect, it } from 'vitest';
import { graphError, unavailable } from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const READ = '{ remoteHelpSessionResponse(id: "session-1") { id deviceName sessionExpirationDateTime } }';

it('reads one session with one GET in the name of the caller', async () => {
  const { query, emulator } = await startGateway();
  const answer = await query(READ);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    data: {
      remoteHelpSessionResponse: {
        id: 'session-1',
        deviceName: 'Reception tablet',
        sessionExpirationDateTime: '2031-03-01T09:30:00.1234567-08:00',
      },
    },
  });
  expect(sentToGraph(emulator)).toEqual(['session-1?$select=deviceName,sessionExpirationDateTime']);
  expect(emulator.graph.requests[0]).toMatchObject({
    method: 'GET',
    status: 200,
    oid: expect.any(String),
    headers: { 'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
});

it.each([
  { wrapSingles: true, annotate: true },
  { wrapSingles: true, annotate: false },
  { wrapSingles: false, annotate: true },
  { wrapSingles: false, annotate: false },
])('understands a single object as $wrapSingles wrapped, $annotate annotated', async (settings) => {
  const { query, emulator } = await startGateway();
  Object.assign(emulator.graph, settings);
  const { body } = await query(READ);
  expect(body.errors).toBeUndefined();
  expect(body.data.remoteHelpSessionResponse).toMatchObject({ id: 'session-1', deviceName: 'Reception tablet' });
});

it('answers null without an error for a session that Graph does not find', async () => {
  const { query, emulator } = await startGateway();
  const { body } = await query('{ remoteHelpSessionResponse(id: "nobody") { id deviceName } }');
  expect(body).toEqual({ data: { remoteHelpSessionResponse: null } });
  expect(emulator.graph.requests.map(({ status }) => status)).toEqual([404]);
});

it('sends an id as one percent-encoded segment', async () => {
  const { query, emulator } = await startGateway();
  const id = "a/b?$select=x#y%2F'ü 1";
  emulator.graph.sessions.set(id, { deviceName: 'Odd' });
  const { body } = await query('query ($id: ID!) { remoteHelpSessionResponse(id: $id) { id deviceName } }', {
    variables: { id },
  });
  expect(body).toEqual({ data: { remoteHelpSessionResponse: { id, deviceName: 'Odd' } } });
  expect(sentToGraph(emulator)).toEqual([`${encodeURIComponent(id)}?$select=deviceName`]);
});

it.each(['', '.', '..', 'x'.repeat(513)])('refuses the id %j without asking Graph or Entra', async (id) => {
  const { query, emulator } = await startGateway();
  const { body } = await query('query ($id: ID!) { remoteHelpSessionResponse(id: $id) { deviceName } }', {
    variables: { id },
  });
  expect(body.data).toEqual({ remoteHelpSessionResponse: null });
  expect(body.errors).toMatchObject([{ path: ['remoteHelpSessionResponse'], extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(emulator.graph.requests).toEqual([]);
  expect(emulator.entra.requests.filter(({ path }) => path.endsWith('/token'))).toEqual([]);
});

describe('an answer of Graph that is not as documented', () => {
  const answered = (body: unknown) => ({ status: 200, body });

  it('reads a property that is missing as null, and passes over one that it does not know', async () => {
    const { query, emulator } = await startGateway();
    emulator.graph.respondWith(answered({ value: { deviceName: 'Tablet', somethingNew: { a: 1 } } }));
    const { body } = await query(
      '{ remoteHelpSessionResponse(id: "session-1") { deviceName acsGroupId sessionTypes } }',
    );
    expect(body).toEqual({
      data: { remoteHelpSessionResponse: { deviceName: 'Tablet', acsGroupId: null, sessionTypes: null } },
    });
  });

  it('makes a value of the wrong type the error of its field only', async () => {
    const { query, emulator } = await startGateway();
    emulator.graph.respondWith(
      answered({ value: { deviceName: 'Tablet', acsGroupId: 7, sessionType: [], sessionExpirationDateTime: 'soon' } }),
    );
    const { body } = await query(
      '{ remoteHelpSessionResponse(id: "session-1") { deviceName acsGroupId sessionType sessionExpirationDateTime } }',
    );
    expect(body.data.remoteHelpSessionResponse).toEqual({
      deviceName: 'Tablet',
      acsGroupId: null,
      sessionType: null,
      sessionExpirationDateTime: null,
    });
    expect(
      body.errors.map(({ path, extensions }: { path: string[]; extensions: { code: string } }) => [
        path.at(-1),
        extensions.code,
      ]),
    ).toEqual([
      ['acsGroupId', 'UPSTREAM_UNAVAILABLE'],
      ['sessionType', 'UPSTREAM_UNAVAILABLE'],
      ['sessionExpirationDateTime', 'UPSTREAM_UNAVAILABLE'],
    ]);
  });

  it.each([{ value: [] }, { value: null }, { value: 'text' }, { error: { code: 'x', message: 'y' } }, [], undefined])(
    'calls %j no answer',
    async (content) => {
      const { query, emulator } = await startGateway();
      emulator.graph.respondWith({ status: 200, ...(content !== undefined && { body: content }), times: 9 });
      const { body } = await query(READ);
      expect(body.data).toEqual({ remoteHelpSessionResponse: null });
      expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    },
  );
});

it.each([
  [400, 'BAD_USER_INPUT'],
  [403, 'FORBIDDEN'],
  [409, 'CONFLICT'],
])('answers a %i of Graph as %s with what a support case needs, and without its text', async (status, code) => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith(graphError(status, 'SomeCode', 'about fake-session-key-1'));
  const { body } = await query(READ);
  expect(body.errors).toMatchObject([
    {
      path: ['remoteHelpSessionResponse'],
      extensions: {
        code,
        graph: {
          status,
          code: 'SomeCode',
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          clientRequestId: emulator.graph.requests[0]?.headers['client-request-id'],
          date: expect.stringContaining('GMT'),
        },
      },
    },
  ]);
  expect(JSON.stringify(body)).not.toContain('fake-session-key-1');
  expect(emulator.graph.requests).toHaveLength(1);
});

it('asks again after a 503, and answers what comes then', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith(unavailable());
  const { body } = await query(READ);
  expect(body.data.remoteHelpSessionResponse.deviceName).toBe('Reception tablet');
  expect(emulator.graph.requests.map(({ status }) => status)).toEqual([503, 200]);
});
