import { afterEach, expect, it, vi } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import { type Budget, startBudget } from '../../../src/http/budget.ts';
import { createBatchRead } from '../../../src/msgraph/client/batch.ts';
import type { GraphClient, GraphSession } from '../../../src/msgraph/client/graph-client.ts';
import type { GraphAnswer } from '../../../src/msgraph/client/read-graph-answer.ts';
import { createTurnstile } from '../../../src/msgraph/client/turnstile.ts';
import { startOperationRecord } from '../../../src/observability/operation-record.ts';
import { allowances } from '../../support/allowances.ts';

afterEach(() => {
  vi.useRealTimers();
});

const throttled = (id: number, seconds?: number) => ({
  id: String(id),
  status: 429,
  headers: seconds === undefined ? {} : { 'rEtRy-AfTeR': String(seconds) },
});
const found = (id: number) => ({ id: String(id), status: 200, body: { deviceName: `d-${id}` } });

/** Time stands still but for the test. Each batch gets the next of `answers`, and `sent` says which ids were in it. */
function scene(answers: (object[] | GatewayError)[], { milliseconds = 15_000, requestsPerMinute = 0 } = {}) {
  vi.useFakeTimers();
  const sent: string[][] = [];
  const client: GraphClient = {
    async call({ body = '' }): Promise<GraphAnswer> {
      sent.push(JSON.parse(body).requests.map(({ id }: { id: string }) => id));
      const answer = answers.shift();
      if (answer instanceof GatewayError) throw answer;
      return { status: 200, body: { responses: answer }, requestId: 'outer', clientRequestId: 'sent', date: undefined };
    },
  };
  const budget: Budget = startBudget(milliseconds);
  const record = startOperationRecord();
  const session = { callerKey: 'k', budget, record, traceHeaders: {} } as GraphSession;
  const turnstile = createTurnstile({ maxConcurrency: 9, maxWaiting: 9 });
  const batchRead = createBatchRead({
    client,
    turnstile,
    allowance: allowances(requestsPerMinute).allowance,
    random: () => 1,
  });
  return { sent, record, budget, read: () => batchRead(['/0', '/1', '/2'], session) };
}

it('waits for the longest of the waits that entries were asked for, and not less', async () => {
  const { read, sent, record } = scene([
    [throttled(2, 5), found(1), throttled(0, 2)],
    [found(2), found(0)],
  ]);
  const results = read();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(sent).toEqual([['0', '1', '2']]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual([
    ['0', '1', '2'],
    ['0', '2'],
  ]);
  expect(await results).toMatchObject([0, 1, 2].map((id) => ({ body: { deviceName: `d-${id}` } })));
  expect(record).toMatchObject({ retries: 1 });
});

it('backs off where Graph names no wait, longer each time', async () => {
  const rest = [throttled(0)];
  const { read, sent } = scene([[throttled(0), found(1), found(2)], rest, rest, rest]);
  const results = read();
  for (const wait of [500, 1_000, 2_000]) {
    const before = sent.length;
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(sent).toHaveLength(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(before + 1);
  }
  const [first, second] = await results;
  expect(first).toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 4, details: { graph: { requestId: 'outer' } } });
  expect(second).toMatchObject({ body: { deviceName: 'd-1' } });
});

it('does not begin a wait that is as long as what is left of the budget', async () => {
  const { read, sent } = scene([[throttled(0, 5), found(1), found(2)]], { milliseconds: 5_000 });
  const [first, second] = await read();
  expect(first).toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 5 });
  expect(second).toMatchObject({ body: { deviceName: 'd-1' } });
  expect(sent).toHaveLength(1);
});

it('keeps what was answered when the client goes while it waits', async () => {
  const { read, budget } = scene([[throttled(0, 5), found(1), found(2)]]);
  const results = read();
  await vi.advanceTimersByTimeAsync(1_000);
  budget.cancel();
  const [first, second] = await results;
  expect(first).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  expect(second).toMatchObject({ body: { deviceName: 'd-1' } });
});

it('throws when the first envelope fails, and keeps answers when a later one does', async () => {
  const refused = new GatewayError('FORBIDDEN', 'no');
  await expect(scene([refused]).read()).rejects.toBe(refused);
  const { read } = scene([[throttled(0, 0), found(1)], refused]);
  const results = read();
  await vi.advanceTimersByTimeAsync(1);
  expect(await results).toEqual([
    refused,
    expect.objectContaining({ body: { deviceName: 'd-1' } }),
    expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE' }),
  ]);
});

it('leaves an entry whose token Graph refuses to a single call', async () => {
  const { read } = scene([[{ id: '0', status: 401, headers: {} }, found(1), found(2)]]);
  const [first, second] = await read();
  expect(first).toBeUndefined();
  expect(second).toMatchObject({ body: { deviceName: 'd-1' } });
});

it('leaves what it asks for again to single calls when Graph does not take the second batch', async () => {
  const graph = { status: 403, code: 'Forbidden', requestId: null, clientRequestId: 'again', date: null };
  const { read } = scene([[throttled(0, 0), found(1), found(2)], new GatewayError('FORBIDDEN', 'no', { graph })]);
  const results = read();
  await vi.advanceTimersByTimeAsync(1);
  expect((await results).map((each) => each !== undefined)).toEqual([false, true, true]);
});
