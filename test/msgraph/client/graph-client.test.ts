import type { Socket } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import { type Budget, startBudget } from '../../../src/http/budget.ts';
import { createHeldBytes } from '../../../src/http/held-bytes.ts';
import { createTransport } from '../../../src/http/transport.ts';
import { createGraphClient, type GraphRequest, type GraphSession } from '../../../src/msgraph/client/graph-client.ts';
import { createTurnstile } from '../../../src/msgraph/client/turnstile.ts';
import { startOperationRecord } from '../../../src/observability/operation-record.ts';
import { allowances } from '../../support/allowances.ts';
import { httpAnswer, type RawServer, startRawServer } from '../../support/raw-server.ts';

const read: GraphRequest = { method: 'GET', path: '/sessions/1', template: '/sessions/{id}', intent: 'read' };
const update: GraphRequest = { ...read, method: 'PATCH', body: '{}', intent: 'update' };
const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
const challenge = {
  'WWW-Authenticate': `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`,
};

let server: RawServer;
/** What Graph answers, in turn; the last one again and again. */
let answers: string[];
beforeEach(async () => {
  answers = [httpAnswer('{"ok":true}')];
  server = await startRawServer((socket) => {
    socket.write(String(answers.length > 1 ? answers.shift() : answers[0]));
  });
});

function scene({
  maxConcurrency = 4,
  maxWaiting = 1,
  milliseconds = 2_000,
  requestsPerMinute = 0,
  heldBytes = 1_000_000,
} = {}) {
  const budget: Budget = startBudget(milliseconds);
  const transport = createTransport({ requestTimeoutMs: milliseconds, maxConnectionsPerOrigin: 4 });
  const turnstile = createTurnstile({ maxConcurrency, maxWaiting });
  onTestFinished(async () => {
    budget.close();
    await transport.close();
  });
  const asked: unknown[] = [];
  const session: GraphSession = {
    callerKey: 'caller',
    budget,
    record: startOperationRecord(),
    traceHeaders: {},
    async getToken(refused) {
      asked.push(refused);
      return `token-${asked.length}`;
    },
    interactionRequired: (text) => new GatewayError('INTERACTION_REQUIRED', 'x', { claims: text }),
  };
  const client = createGraphClient({
    baseUrl: `${server.origin}/beta`,
    transport,
    turnstile,
    ...allowances(requestsPerMinute),
    held: createHeldBytes(heldBytes),
    random: () => 0,
  });
  return { client, session, budget, turnstile, asked };
}

it('sends the call that waited for a place before it goes on with the answer that freed it', async () => {
  const { client, session } = scene({ maxConcurrency: 1 });
  const other = { ...session, callerKey: 'other', record: startOperationRecord() };
  const [first, second] = [client.call(read, session), client.call(read, other)];
  await first;
  expect(other.record.graphCalls).toBe(1);
  await second;
});

it('hears that Graph throttles before it lets those in who wait, when many answers come at once', async () => {
  const { client, session } = scene({ maxWaiting: 12 });
  const silence = httpAnswer('{}', { status: 429, headers: { 'Retry-After': '60' } });
  const asking: Socket[] = [];
  server.behave((socket) => {
    asking.push(socket);
    if (server.requests.length >= 4) for (const each of asking.splice(0)) each.write(silence);
  });
  const calls = await Promise.allSettled(Array.from({ length: 16 }, () => client.call(read, session)));
  for (const call of calls) expect(call).toMatchObject({ reason: { code: 'THROTTLED' } });
  expect(server.requests.length).toBeLessThanOrEqual(5);
});

it("holds no more of Graph's answers than there is room for, and always that of an update", async () => {
  // A quarter of it is one caller's.
  const { client, session } = scene({ heldBytes: 44 });
  expect((await client.call(read, session)).status).toBe(200);
  expect(session.record.heldBytes).toBe('{"ok":true}'.length);
  await expect(client.call(read, session)).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect((await client.call(update, session)).status).toBe(200);
  expect(session.record.heldBytes).toBe('{"ok":true}'.length);
});

describe('a call that never left', () => {
  it('because its time ran out in the queue has changed nothing', async () => {
    const { client, session, turnstile } = scene({ maxConcurrency: 1, milliseconds: 100 });
    turnstile.enter('other', startBudget(1));
    await expect(client.call(update, session)).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      details: { outcome: 'NOT_APPLIED' },
    });
    expect([server.requests.length, turnstile.waiting, session.record.graphCalls]).toStrictEqual([0, 0, 0]);
    expect(session.record.waitTime.elapsedMs()).toBeGreaterThan(0);
  });

  it('because its client went while it waited has changed nothing', async () => {
    const { client, session, turnstile, budget } = scene({ maxConcurrency: 1 });
    turnstile.enter('other', startBudget(1));
    const call = client.call(update, session);
    await expect.poll(() => turnstile.waiting, { interval: 1 }).toBe(1);
    budget.cancel();
    await expect(call).rejects.toMatchObject({ details: { outcome: 'NOT_APPLIED' } });
    expect([server.requests.length, turnstile.waiting]).toStrictEqual([0, 0]);
  });

  it('because the queue is full has changed nothing', async () => {
    const { client, session, turnstile } = scene({ maxConcurrency: 1 });
    turnstile.enter('other', startBudget(1));
    void turnstile.enter('caller', session.budget)?.catch(() => {});
    await expect(client.call(update, session)).rejects.toMatchObject({
      code: 'OVERLOADED',
      details: { outcome: 'NOT_APPLIED' },
    });
    expect(server.requests).toHaveLength(0);
  });

  it('because no token was to be had has changed nothing', async () => {
    const { client, session } = scene();
    const getToken = () => Promise.reject(new GatewayError('UPSTREAM_UNAVAILABLE', 'x'));
    await expect(client.call(update, { ...session, getToken })).rejects.toMatchObject({
      details: { outcome: 'NOT_APPLIED' },
    });
  });
});

describe('a token that Graph refuses', () => {
  it.each([read, update])('is replaced once, $method', async (request) => {
    const { client, session, asked } = scene();
    answers = [httpAnswer('{}', { status: 401 }), httpAnswer('{"ok":true}')];
    expect((await client.call(request, session)).body).toStrictEqual({ ok: true });
    expect(asked).toStrictEqual([undefined, { rejected: 'token-1', claims: undefined }]);
    expect(session.record.retries).toBe(1);
  });

  it.each([401, 403])('with claims is replaced by one that meets them, status %i', async (status) => {
    const { client, session, asked } = scene();
    answers = [httpAnswer('{}', { status, headers: challenge }), httpAnswer('{"ok":true}')];
    expect((await client.call(update, session)).body).toStrictEqual({ ok: true });
    expect(asked).toStrictEqual([undefined, { rejected: 'token-1', claims }]);
  });

  it('with claims again is the user’s matter', async () => {
    const { client, session, asked } = scene();
    answers = [httpAnswer('{}', { status: 401, headers: challenge })];
    await expect(client.call(update, session)).rejects.toMatchObject({
      code: 'INTERACTION_REQUIRED',
      details: { claims, outcome: 'NOT_APPLIED' },
    });
    expect([asked.length, server.requests.length]).toStrictEqual([2, 2]);
  });

  it('without claims again is nobody’s whom the caller could ask', async () => {
    const { client, session } = scene();
    answers = [httpAnswer('{}', { status: 401 })];
    await expect(client.call(read, session)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(server.requests).toHaveLength(2);
  });
});

it('frees its place whatever becomes of the call', async () => {
  const { client, session, turnstile } = scene({ maxConcurrency: 1 });
  const failures = ['{"error":{}}', '', 'no json', '[]'].map((body, index) =>
    httpAnswer(body, { status: [200, 200, 200, 403][index] ?? 200 }),
  );
  for (const failure of failures) {
    answers = [failure];
    await client.call(update, session).catch(() => {});
  }
  expect(turnstile.enter('other', session.budget)).toBeUndefined();
});
