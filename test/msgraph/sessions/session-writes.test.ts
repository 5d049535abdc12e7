import { describe, expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import { startBudget } from '../../../src/http/budget.ts';
import { createHeldBytes } from '../../../src/http/held-bytes.ts';
import { createTransport } from '../../../src/http/transport.ts';
import { createBatchRead } from '../../../src/msgraph/client/batch.ts';
import { createGraphClient, type GraphSession } from '../../../src/msgraph/client/graph-client.ts';
import { createTurnstile } from '../../../src/msgraph/client/turnstile.ts';
import { createSessionReader } from '../../../src/msgraph/sessions/read-sessions.ts';
import type { SessionInput } from '../../../src/msgraph/sessions/remote-help-session.ts';
import { createSelectable } from '../../../src/msgraph/sessions/selectable.ts';
import { createSessionWrites } from '../../../src/msgraph/sessions/session-writes.ts';
import { startOperationRecord } from '../../../src/observability/operation-record.ts';
import { allowances } from '../../support/allowances.ts';
import { httpAnswer, startRawServer } from '../../support/raw-server.ts';

const json = (body: unknown, status = 200) => httpAnswer(JSON.stringify(body), { status });
const failed = (status: number) => json({ error: { code: 'x', message: 'x' } }, status);
const page = (status: number) => httpAnswer('<html>', { status, headers: { 'Content-Type': 'text/html' } });
const nothing = 'HTTP/1.1 204 No Content\r\n\r\n';
const BROKEN = 'broken';

/** A Graph that answers this, in turn; the last one again and again. */
async function scene(answers: string[], requestsPerMinute = 0) {
  const server = await startRawServer((socket) => {
    const answer = String(answers.length > 1 ? answers.shift() : answers[0]);
    if (answer === BROKEN) socket.destroy();
    else socket.write(answer);
  });
  const budget = startBudget(5_000);
  const transport = createTransport({ requestTimeoutMs: 5_000, maxConnectionsPerOrigin: 4 });
  onTestFinished(async () => {
    budget.close();
    await transport.close();
  });
  const { allowance, retryBudget } = allowances(requestsPerMinute);
  const turnstile = createTurnstile({ maxConcurrency: 4, maxWaiting: 4 });
  const random = () => 0;
  const baseUrl = `${server.origin}/beta`;
  const client = createGraphClient({
    baseUrl,
    transport,
    turnstile,
    allowance,
    retryBudget,
    held: createHeldBytes(),
    random,
  });
  const options = {
    client,
    allowance,
    sessionsPath: 'Sessions',
    reader: createSessionReader({
      client,
      allowance,
      batchRead: createBatchRead({ client, turnstile, allowance, random }),
      selectable: createSelectable({ sensitiveFields: [] }),
      sessionsPath: 'Sessions',
    }),
  };
  const session: GraphSession = {
    callerKey: 'caller',
    budget,
    record: startOperationRecord(),
    traceHeaders: {},
    getToken: () => 'token',
    interactionRequired: () => new GatewayError('INTERACTION_REQUIRED', 'x'),
  };
  const writes = createSessionWrites(options);
  return {
    create: (input: SessionInput) => writes.create({ input, properties: ['deviceName'] }, session),
    remove: (id: string) => writes.delete({ id }, session),
    sent: () => server.requests.map(({ method, path }) => `${method} ${path.replace('/beta/Sessions', '')}`),
    bodies: () => server.requests.map(({ body }) => body),
  };
}

/** The code and the outcome that a change ends with, and what was sent for it. */
async function failureOf(change: Promise<unknown>) {
  const failure = await change.then(
    () => expect.fail('it succeeded'),
    (error: GatewayError) => error,
  );
  return `${failure.code} ${failure.details.outcome}`;
}

describe('create', () => {
  it('sends exactly the given fields, explicit nulls included, with the type', async () => {
    const { create, sent, bodies } = await scene([json({ id: 'new', sessionKey: 'key', deviceName: 'D' }, 201)]);
    const session = await create({ sessionTypes: ['ELEVATION', 'VIEW_SCREEN'], deviceName: null });
    expect(session).toMatchObject({ id: 'new', sessionKey: 'key', deviceName: 'D' });
    expect(sent()).toEqual(['POST ']);
    expect(JSON.parse(String(bodies()[0]))).toStrictEqual({
      '@odata.type': '#microsoft.graph.retrieveRemoteHelpSessionResponse',
      sessionType: 'viewScreen,elevation',
      deviceName: null,
    });
  });

  it.each([
    ['201, flat', json({ id: 'new' }, 201), 'new'],
    ['200, wrapped', json({ value: { id: 'new', sessionKey: 'key' } }), 'new'],
    ['a session key in the place of an id', json({ sessionKey: 'key' }, 201), 'key'],
  ])('reads %s', async (_form, answer, id) => {
    const { create } = await scene([answer]);
    expect((await create({ deviceName: 'D' })).id).toBe(id);
  });

  it.each([
    ['without any key', json({ deviceName: 'D' }, 201)],
    ['without content', nothing],
    ['that is a page', page(201)],
    ['that is cut', httpAnswer('{"id":"ne', { status: 201 })],
    ['that is a list', json({ value: [] }, 201)],
  ])('has been done after a success %s, and is an error', async (_form, answer) => {
    const { create, sent } = await scene([answer]);
    expect(await failureOf(create({ sessionKey: 'key' }))).toBe('UPSTREAM_UNAVAILABLE APPLIED');
    expect(sent()).toEqual(['POST ']);
  });

  it('says which answer it was that made no sense', async () => {
    const answer = httpAnswer('{}', { status: 201, headers: { 'request-id': 'asked-for-in-a-case' } });
    const { create } = await scene([answer]);
    await expect(create({ deviceName: 'D' })).rejects.toMatchObject({
      details: {
        graph: {
          status: 201,
          requestId: 'asked-for-in-a-case',
          clientRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
        },
      },
    });
  });

  it.each([
    ['400', failed(400), 'BAD_USER_INPUT NOT_APPLIED'],
    ['403', failed(403), 'FORBIDDEN NOT_APPLIED'],
    ['409', failed(409), 'CONFLICT NOT_APPLIED'],
    ['404, which is the path', failed(404), 'INTERNAL_SERVER_ERROR NOT_APPLIED'],
    ['501', failed(501), 'UPSTREAM_UNAVAILABLE NOT_APPLIED'],
  ])('is not done after %s', async (_status, answer, expected) => {
    const { create, sent } = await scene([answer]);
    expect(await failureOf(create({ sessionKey: 'key' }))).toBe(expected);
    expect(sent()).toEqual(['POST ']);
  });

  it.each([failed(503), failed(429)])('is sent again only where Graph says that it did nothing', async (refusal) => {
    const { create, sent } = await scene([refusal, json({ id: 'new' }, 201)]);
    expect((await create({ deviceName: 'D' })).id).toBe('new');
    expect(sent()).toEqual(['POST ', 'POST ']);
  });

  it.each([BROKEN, failed(500), failed(502), failed(504)])('is looked for once by its session key', async (lost) => {
    const { create, sent } = await scene([lost, json({ value: { sessionKey: 'a/b', deviceName: 'D' } })]);
    expect(await create({ sessionKey: 'a/b', deviceName: 'D' })).toMatchObject({ id: 'a/b', deviceName: 'D' });
    expect(sent()).toEqual(['POST ', 'GET /a%2Fb?$select=sessionKey,deviceName']);
  });

  it.each([
    ['another value', json({ sessionKey: 'key', deviceName: 'Other' })],
    ['nothing', failed(404)],
    ['no answer', failed(403)],
  ])('stays unknown when the look finds %s', async (_found, answer) => {
    const { create, sent } = await scene([BROKEN, answer]);
    expect(await failureOf(create({ sessionKey: 'key', deviceName: 'D' }))).toBe('UPSTREAM_UNAVAILABLE UNKNOWN');
    expect(sent()).toHaveLength(2);
  });

  it.each([{ deviceName: 'D' }, { sessionKey: null }, { sessionKey: '$count' }])(
    'stays unknown without a look for %j, which names no session',
    async (input) => {
      const { create, sent } = await scene([BROKEN]);
      expect(await failureOf(create(input))).toBe('UPSTREAM_UNAVAILABLE UNKNOWN');
      expect(sent()).toEqual(['POST ']);
    },
  );

  it.each([{}, { deviceName: undefined }, { sessionType: 'UNKNOWN_FUTURE_VALUE' as const }])(
    'sends nothing for %j',
    async (input) => {
      const { create, sent } = await scene([failed(500)]);
      expect(await failureOf(create(input))).toBe('BAD_USER_INPUT NOT_APPLIED');
      expect(sent()).toEqual([]);
    },
  );
});

describe('delete', () => {
  it.each([
    ['204', nothing],
    ['200 with a body', json({ anything: 1 })],
    ['200 with a page', page(200)],
    ['202 with cut JSON', httpAnswer('{"a', { status: 202 })],
  ])('is done after %s', async (_form, answer) => {
    const { remove, sent, bodies } = await scene([answer]);
    expect(await remove('a b')).toBe('a b');
    expect(sent()).toEqual(['DELETE /a%20b']);
    expect(bodies()).toEqual(['']);
  });

  it.each([
    ['404', failed(404), 'NOT_FOUND NOT_APPLIED'],
    ['403', failed(403), 'FORBIDDEN NOT_APPLIED'],
    ['412', failed(412), 'CONFLICT NOT_APPLIED'],
  ])('is not done after %s', async (_status, answer, expected) => {
    const { remove, sent } = await scene([answer]);
    expect(await failureOf(remove('s'))).toBe(expected);
    expect(sent()).toEqual(['DELETE /s']);
  });

  it.each([
    ['is not there any more', failed(404), 's'],
    ['is there', json({ value: {} }), undefined],
    ['cannot be seen', failed(403), undefined],
  ])('after an unknown outcome, when the session %s', async (_found, answer, done) => {
    const { remove, sent } = await scene([BROKEN, answer]);
    if (done === undefined) expect(await failureOf(remove('s'))).toBe('UPSTREAM_UNAVAILABLE UNKNOWN');
    else expect(await remove('s')).toBe(done);
    expect(sent()).toEqual(['DELETE /s', 'GET /s?$select=deviceName']);
  });

  it.each(['', '.', '$count', 'x()', 'microsoft.graph.x'])('sends nothing for the id %j', async (id) => {
    const { remove, sent } = await scene([failed(500)]);
    expect(await failureOf(remove(id))).toBe('BAD_USER_INPUT NOT_APPLIED');
    expect(sent()).toEqual([]);
  });
});

it('what a caller may not cause is not sent', async () => {
  const { create, remove, sent } = await scene([json({ id: 'new' }, 201)], 1);
  await create({ deviceName: 'D' });
  expect(await failureOf(create({ deviceName: 'D' }))).toBe('RATE_LIMITED NOT_APPLIED');
  expect(await failureOf(remove('s'))).toBe('RATE_LIMITED NOT_APPLIED');
  expect(sent()).toEqual(['POST ']);
});
