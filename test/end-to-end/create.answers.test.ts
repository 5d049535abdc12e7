import { describe, expect, it, test } from 'vitest';
import { applied, dropConnection, type Fault, forRequests, graphError, repeated } from '../../src/emulator/faults.ts';
import { createdSession, createSession } from '../support/change-session.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';
import { allFields } from '../support/update-session.ts';

const answerWith = ({ emulator }: TestGateway, fault: Fault) =>
  emulator.graph.respondWith(forRequests({ method: 'POST' }, fault));
const outcomeOf = (body: { errors?: { extensions: Record<string, unknown> }[] }) => {
  const { code, outcome } = body.errors?.[0]?.extensions ?? {};
  return `${code} ${outcome}`;
};

describe('the answer to a create is what Graph answered', () => {
  it('every field of it', async () => {
    const gateway = await startGateway();
    const answer = await createSession(gateway, {
      input: { sessionKey: 'new', sessionTypes: ['VIEW_SCREEN', 'ELEVATION'], acsGroupId: 'g' },
      fields: allFields,
    });
    expect(createdSession(answer)).toMatchObject({
      id: 'new',
      sessionKey: 'new',
      acsGroupId: 'g',
      sessionType: 'ELEVATION',
      sessionTypes: ['VIEW_SCREEN', 'ELEVATION'],
      deviceName: null,
    });
  });

  test.each([
    ['201, flat, with an id', 201, { id: 'graphs', sessionKey: 'k', deviceName: "Graph's" }, 'graphs'],
    ['200, flat, without an id', 200, { sessionKey: 'k', deviceName: "Graph's" }, 'k'],
    ['201, wrapped', 201, { '@odata.context': 'x', value: { id: 'graphs', deviceName: "Graph's" } }, 'graphs'],
    ['202, an empty id', 202, { id: '', sessionKey: 'k', deviceName: "Graph's", newInBeta: [] }, 'k'],
  ])('%s, never an echo of the input', async (_form, status, body, id) => {
    const gateway = await startGateway();
    answerWith(gateway, { status, body });
    const answer = await createSession(gateway, { fields: 'id deviceName acsGroupId' });
    expect(createdSession(answer)).toEqual({ id, deviceName: "Graph's", acsGroupId: null });
    expect(gateway.emulator.graph.requests).toHaveLength(1);
  });

  it('a property of the wrong type is the error of its field alone, and says that the session was made', async () => {
    const gateway = await startGateway();
    answerWith(gateway, { status: 201, body: { id: 'x', deviceName: 7, sessionType: {}, acsGroupId: 'g' } });
    const { body } = await createSession(gateway, { fields: 'id deviceName sessionType acsGroupId' });
    expect(createdSession({ body } as never)).toEqual({
      id: 'x',
      deviceName: null,
      sessionType: null,
      acsGroupId: 'g',
    });
    expect(body.errors).toMatchObject(
      Array(2).fill({ extensions: { code: 'UPSTREAM_UNAVAILABLE', outcome: 'APPLIED' } }),
    );
  });
});

describe('a session that was made although its answer cannot be read', () => {
  const json = { 'Content-Type': 'application/json' };
  test.each<[string, Fault]>([
    ['no content', { status: 204 }],
    ['nothing in it', { status: 201, headers: json, body: '' }],
    ['neither id nor session key', { status: 201, body: { deviceName: 'canary' } }],
    ['an id that is none', { status: 201, body: { id: 7, sessionKey: null } }],
    ['a list', { status: 201, body: { value: [{ id: 'canary' }] } }],
    ['an error', { status: 200, body: { error: { code: 'canary' } } }],
    ['cut JSON', { status: 201, headers: json, body: '{"id":"canary' }],
    ['a page', { status: 200, body: '<!DOCTYPE html>canary' }],
  ])('%s: APPLIED, and it is neither sent again nor looked for', async (_what, fault) => {
    const gateway = await startGateway();
    answerWith(gateway, { ...fault, apply: true });
    const { status, body } = await createSession(gateway);
    expect(status).toBe(200);
    expect(body.data).toEqual({ createRemoteHelpSessionResponse: null });
    expect(outcomeOf(body)).toBe('UPSTREAM_UNAVAILABLE APPLIED');
    expect(JSON.stringify(body)).not.toContain('canary');
    expect(sentToGraph(gateway.emulator)).toEqual(['POST ']);
    expect(gateway.emulator.graph.sessions.has('new')).toBe(true);
  });
});

describe('a create of which nobody knows', () => {
  const input = { sessionKey: 'a/b', deviceName: 'Tablet', sessionTypes: ['ELEVATION'], acsGroupId: null };

  it('has succeeded when one look by its session key finds every given field', async () => {
    const gateway = await startGateway();
    answerWith(gateway, applied(dropConnection()));
    const answer = await createSession(gateway, { input, fields: 'id deviceName webClientUri' });
    expect(answer.body.errors).toBeUndefined();
    expect(createdSession(answer)).toEqual({ id: 'a/b', deviceName: 'Tablet', webClientUri: null });
    expect(sentToGraph(gateway.emulator)).toEqual([
      'POST ',
      'a%2Fb?$select=sessionKey,acsGroupId,sessionType,deviceName,webClientUri',
    ]);
  });

  it.each([
    ['finds nothing', () => {}],
    [
      'finds another value',
      ({ emulator }: TestGateway) => emulator.graph.sessions.set('a/b', { sessionKey: 'a/b', deviceName: 'Other' }),
    ],
    [
      'fails',
      ({ emulator }: TestGateway) => emulator.graph.respondWith(forRequests({ method: 'GET' }, graphError(403, 'x'))),
    ],
  ])('stays UNKNOWN when the look %s', async (_what, prepare) => {
    const gateway = await startGateway();
    prepare(gateway);
    answerWith(gateway, dropConnection());
    const { body } = await createSession(gateway, { input });
    expect(outcomeOf(body)).toBe('UPSTREAM_UNAVAILABLE UNKNOWN');
    expect(gateway.emulator.graph.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it.each([{ deviceName: 'Tablet' }, { sessionKey: null }, { sessionKey: '' }, { sessionKey: '$count' }])(
    'stays UNKNOWN without a look for %j, which names no session',
    async (unnamed) => {
      const gateway = await startGateway();
      answerWith(gateway, applied(dropConnection()));
      const { body } = await createSession(gateway, { input: unnamed });
      expect(outcomeOf(body)).toBe('UPSTREAM_UNAVAILABLE UNKNOWN');
      expect(gateway.emulator.graph.requests).toHaveLength(1);
    },
  );
});

describe('a create that Graph refuses', () => {
  it.each([
    [400, 'BAD_USER_INPUT'],
    [402, 'FORBIDDEN'],
    [403, 'FORBIDDEN'],
    [409, 'CONFLICT'],
    [412, 'CONFLICT'],
    [422, 'BAD_USER_INPUT'],
    [501, 'UPSTREAM_UNAVAILABLE'],
  ])('%i is %s, not applied, asked once', async (status, code) => {
    const gateway = await startGateway();
    answerWith(gateway, graphError(status, 'ThatCode', 'canary'));
    const { body } = await createSession(gateway);
    expect(body.errors).toMatchObject([
      { extensions: { code, outcome: 'NOT_APPLIED', graph: { status, code: 'ThatCode' } } },
    ]);
    expect(gateway.emulator.graph.requests).toHaveLength(1);
    expect(JSON.stringify(body) + gateway.logText()).not.toContain('canary');
  });

  it.each([404, 410])('%i is the path’s fault: the operator is told, the client is not blamed', async (status) => {
    const gateway = await startGateway();
    answerWith(gateway, graphError(status, 'ResourceNotFound'));
    const { body } = await createSession(gateway);
    expect(body.errors).toMatchObject([
      {
        message: 'The gateway failed. The operator has been told.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', outcome: 'NOT_APPLIED', graph: { status } },
      },
    ]);
    const [line] = gateway.logs().filter(({ level }) => level === 50);
    expect(line?.hint).toContain('GRAPH_SESSIONS_PATH');
  });

  it('a key that exists already is CONFLICT, and what exists is left alone', async () => {
    const gateway = await startGateway();
    const before = gateway.emulator.graph.sessions.get('session-2');
    const { body } = await createSession(gateway, { input: { sessionKey: 'session-2', deviceName: 'Other' } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'CONFLICT', outcome: 'NOT_APPLIED' } }]);
    expect(gateway.emulator.graph.sessions.get('session-2')).toEqual(before);
  });

  it('is sent again only where Graph says that it did not do it', async () => {
    const gateway = await startGateway();
    answerWith(gateway, graphError(503, 'x'));
    answerWith(gateway, { ...graphError(429, 'x'), headers: { 'Retry-After': '0' } });
    answerWith(gateway, graphError(401, 'InvalidAuthenticationToken'));
    expect(createdSession(await createSession(gateway))).toEqual({ id: 'new', deviceName: 'Tablet' });
    expect(sentToGraph(gateway.emulator)).toEqual(Array(4).fill('POST '));
    answerWith(gateway, repeated(5, graphError(500, 'x')));
    expect(outcomeOf((await createSession(gateway, { input: { deviceName: 'x' } })).body)).toBe(
      'UPSTREAM_UNAVAILABLE UNKNOWN',
    );
    expect(gateway.emulator.graph.requests).toHaveLength(5);
  });
});
