import { describe, expect, it } from 'vitest';
import { delayed, graphError, repeated, throttled } from '../../src/emulator/faults.ts';
import { operations } from '../support/fault-table.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startRawGraph } from '../support/raw-graph.ts';
import { httpAnswer } from '../support/raw-server.ts';

const session = httpAnswer(JSON.stringify({ value: { deviceName: 'Sent' } }));
const [alice, bob, carol] = [1, 2, 3].map((number) => `00000000-0000-4000-8000-00000000000${number}`) as [
  string,
  string,
  string,
];

/** A Graph that throttles the next request, and counts those that come before the wait it named is over. */
async function startThrottlingGraph(waitMs: number, retryAfter: string, clock?: () => number) {
  let until: number | undefined;
  let early = 0;
  const gateway = await startRawGraph(
    (socket) => {
      if (until === undefined) {
        until = performance.now() + waitMs;
        socket.write(httpAnswer('{"error":{"code":"x"}}', { status: 429, headers: { 'Retry-After': retryAfter } }));
        return;
      }
      if (performance.now() < until) early += 1;
      socket.write(session);
    },
    clock === undefined ? {} : { dependencies: { clock } },
  );
  const throttleNext = () => {
    until = undefined;
    early = 0;
  };
  return { ...gateway, early: () => early, throttleNext };
}

/** Standing still just before a full second, so that a date a second away is close. */
const nextSecond = Math.ceil(Date.now() / 1000) * 1000;
const soon = new Date(nextSecond).toUTCString();
const WAIT_MS = 60;
const clock = () => nextSecond - WAIT_MS;

async function callers(gateway: TestGateway, oids: readonly string[]) {
  return Promise.all(oids.map((oid) => gateway.emulator.entra.mintToken({ oid })));
}

describe('a wait that fits the budget is waited in full', () => {
  it.each(['single', 'update'] as const)('as a date, %s', async (operation) => {
    const { query, graph, early } = await startThrottlingGraph(WAIT_MS - 1, soon, clock);
    expect((await query(operations[operation])).body.errors).toBeUndefined();
    expect([graph.requests.length, early()]).toStrictEqual([2, 0]);
  });

  it('in seconds', async () => {
    const { query, graph, early } = await startThrottlingGraph(999, '1');
    expect((await query(operations.update)).body.errors).toBeUndefined();
    expect([graph.requests.length, early()]).toStrictEqual([2, 0]);
  });

  it('by everybody: one finds out, the others wait with it', async () => {
    const gateway = await startThrottlingGraph(WAIT_MS - 1, soon, clock);
    const tokens = await callers(gateway, [alice, bob, carol]);
    for (const token of tokens) await gateway.query(operations.single, { token });
    gateway.throttleNext();
    const before = gateway.graph.requests.length;
    const answers = [gateway.query(operations.update, { token: String(tokens[0]) })];
    await expect.poll(() => gateway.graph.requests.length, { interval: 1 }).toBe(before + 1);
    // The answer is on its way back; who comes now must know of it.
    await gateway.query('{ __typename }', { token: String(tokens[0]) });
    answers.push(...tokens.map((token) => gateway.query(operations.single, { token })));
    for (const { body } of await Promise.all(answers)) expect(body.errors).toBeUndefined();
    expect([gateway.graph.requests.length - before, gateway.early()]).toStrictEqual([5, 0]);
  });
});

describe('a wait that does not fit', () => {
  it.each([
    ['in seconds', '60', 60],
    ['as a date', new Date(nextSecond + 90_000).toUTCString(), 91],
  ])('%s is told at once, rounded up', async (_form, retryAfter, seconds) => {
    const gateway = await startGateway({ dependencies: { clock } });
    gateway.emulator.graph.respondWith(repeated(9, { ...throttled(), headers: { 'Retry-After': retryAfter } }));
    const { status, body } = await gateway.query(operations.update);
    expect(status).toBe(200);
    expect(body.errors[0].extensions).toMatchObject({
      code: 'THROTTLED',
      outcome: 'NOT_APPLIED',
      retryAfterSeconds: seconds,
      graph: { status: 429, code: 'TooManyRequests' },
    });
    expect(gateway.emulator.graph.requests).toHaveLength(1);
  });

  it.each([
    ['a single request', throttled(60)],
    ['an entry of a batch', { ...throttled(60), match: { inBatch: true } }],
  ])('silences the gateway for all callers and operations, when it was named to %s', async (_where, fault) => {
    const gateway = await startGateway();
    const { graph } = gateway.emulator;
    graph.respondWith(fault);
    const [first, second] = await callers(gateway, [alice, bob]);
    await gateway.query(operations.batch, { token: String(first) });
    expect(graph.requests).toHaveLength(1);
    for (const [operation, document] of Object.entries(operations)) {
      const { body } = await gateway.query(document, { token: String(second) });
      const { code, outcome, retryAfterSeconds } = body.errors[0].extensions;
      expect([code, outcome]).toStrictEqual([
        'THROTTLED',
        ['update', 'create', 'delete'].includes(operation) ? 'NOT_APPLIED' : undefined,
      ]);
      expect(retryAfterSeconds).toBeGreaterThan(50);
      expect(retryAfterSeconds).toBeLessThanOrEqual(60);
    }
    expect(graph.requests).toHaveLength(1);
  });
});

it('no wait named: a backoff of its own, and the number of the next one when it gives up', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith(repeated(4, throttled()));
  const { body } = await gateway.query(operations.single);
  expect(body.errors[0].extensions).toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 4 });
  expect(gateway.emulator.graph.requests).toHaveLength(4);
  expect((await gateway.query(operations.single)).body.errors).toBeUndefined();
});

it('a wait named with another error is told too, and holds nobody else back', async () => {
  const gateway = await startGateway();
  const { graph } = gateway.emulator;
  graph.respondWith({ ...graphError(503, 'serviceNotAvailable'), headers: { 'Retry-After': '60' } });
  const { body } = await gateway.query(operations.single);
  expect(body.errors[0].extensions).toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 60, graph: { status: 503 } });
  expect((await gateway.query(operations.single)).body.errors).toBeUndefined();
});

it('with one place to Graph callers take turns, however much one of them wants', async () => {
  const gateway = await startGateway({ env: { GRAPH_MAX_CONCURRENCY: '1' } });
  const { graph } = gateway.emulator;
  const [busy, other, third] = (await callers(gateway, [alice, bob, carol])) as [string, string, string];
  for (const token of [busy, other, third]) await gateway.query(operations.single, { token });
  graph.clear();
  // The first keeps the place until all the others stand in the queue.
  graph.respondWith(delayed(200));
  const answers = [busy, busy, busy, busy, other, third].map((token) => gateway.query(operations.single, { token }));
  for (const { body } of await Promise.all(answers)) expect(body.errors).toBeUndefined();
  const turns = graph.requests.map(({ oid }) => oid);
  expect(turns.slice(0, 4).toSorted()).toStrictEqual([alice, alice, bob, carol].toSorted());
  expect(turns.slice(4)).toStrictEqual([alice, alice]);
});
