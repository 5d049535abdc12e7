import { expect, it } from 'vitest';
import { type Fault, forRequests, repeated, throttled } from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const THREE = '{ l: remoteHelpSessionResponsesById(ids: ["session-1", "session-2", "session-3"]) { deviceName } }';
const NAMES = ['Reception tablet', 'Warehouse scanner 07', 'LAPTOP-4F7Q2'].map((deviceName) => ({ deviceName }));
const GET = (id: number) => `session-${id}?$select=deviceName`;

const entry = (id: number, fault: Fault): Fault =>
  forRequests({ inBatch: true, path: new RegExp(`/session-${id}$`) }, fault);

it('sends only the throttled entries again', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith([entry(1, throttled()), entry(3, throttled(0)), entry(3, throttled())]);
  const { body } = await query(THREE);
  expect(body).toEqual({ data: { l: NAMES } });
  expect(sentToGraph(emulator)).toEqual([[GET(1), GET(2), GET(3)], [GET(1), GET(3)], [GET(3)]]);
});

it('answers THROTTLED at once, when the longest of the waits does not fit the budget', async () => {
  const { query, emulator } = await startGateway({ env: { REQUEST_TIMEOUT_MS: '5000' } });
  emulator.graph.respondWith([entry(1, throttled(1)), entry(3, throttled(40))]);
  const { body } = await query(THREE);
  expect(body.data.l).toEqual([null, NAMES[1], null]);
  expect(body.errors).toMatchObject([
    { path: ['l', 0], extensions: { code: 'THROTTLED', retryAfterSeconds: 40, graph: { status: 429 } } },
    { path: ['l', 2], extensions: { code: 'THROTTLED', retryAfterSeconds: 40, graph: { status: 429 } } },
  ]);
  expect(emulator.graph.requests).toHaveLength(1);
});

it('reads the wait of an entry from a date too', async () => {
  const { query, emulator } = await startGateway({ env: { REQUEST_TIMEOUT_MS: '5000' } });
  const date = new Date(Date.now() + 60_000).toUTCString();
  emulator.graph.respondWith(entry(2, { ...throttled(), headers: { 'RETRY-AFTER': date } }));
  const { body } = await query(THREE);
  const [{ extensions }] = body.errors;
  expect(extensions.code).toBe('THROTTLED');
  expect(extensions.retryAfterSeconds).toBeGreaterThan(50);
  expect(extensions.retryAfterSeconds).toBeLessThanOrEqual(60);
});

it('gives up on an entry that stays throttled after three more tries, and keeps the other answers', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith(entry(2, repeated(9, throttled())));
  const { body } = await query(THREE);
  expect(body.data.l).toEqual([NAMES[0], null, NAMES[2]]);
  expect(body.errors).toMatchObject([
    { path: ['l', 1], extensions: { code: 'THROTTLED', retryAfterSeconds: expect.any(Number) } },
  ]);
  expect(body.errors[0].extensions.retryAfterSeconds).toBeGreaterThanOrEqual(1);
  expect(sentToGraph(emulator)).toEqual([[GET(1), GET(2), GET(3)], [GET(2)], [GET(2)], [GET(2)]]);
});

it('keeps the answers that it has when the batch that asks for the rest again fails', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith([
    entry(2, throttled()),
    forRequests({ path: '/$batch' }, {}),
    forRequests({ path: '/$batch' }, { status: 507, body: { error: { code: 'x', message: '' } } }),
  ]);
  const { body } = await query(THREE);
  expect(body.data.l).toEqual([NAMES[0], null, NAMES[2]]);
  expect(body.errors).toMatchObject([{ path: ['l', 1], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
});

it('sends the whole batch again after an outer 429, and says how long to wait when that is too long', async () => {
  const { query, emulator } = await startGateway({ env: { REQUEST_TIMEOUT_MS: '5000' } });
  const whole = (fault: Fault) => forRequests({ path: '/$batch' }, fault);
  emulator.graph.respondWith([whole(throttled()), whole(throttled(0))]);
  expect((await query(THREE)).body).toEqual({ data: { l: NAMES } });
  expect(emulator.graph.requests.map(({ status }) => status)).toEqual([429, 429, 200]);

  emulator.graph.respondWith(whole(throttled(77)));
  const { body } = await query(THREE);
  expect(body.data.l).toEqual([null, null, null]);
  expect(body.errors.map(({ path }: { path: unknown }) => path)).toEqual([0, 1, 2].map((index) => ['l', index]));
  for (const { extensions } of body.errors)
    expect(extensions).toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 77 });
  expect(emulator.graph.requests).toHaveLength(4);
});

it('reads the entries of an outer 424, as an older Graph answers when one of them was throttled', async () => {
  const { query, emulator } = await startGateway();
  const responses = [
    { id: '0', status: 200, body: { deviceName: 'one' } },
    { id: '1', status: 429, headers: {}, body: { error: { code: 'TooManyRequests', message: '' } } },
    { id: '2', status: 200, body: { deviceName: 'three' } },
  ];
  emulator.graph.respondWith(forRequests({ path: '/$batch' }, { status: 424, body: { responses } }));
  const { body } = await query(THREE);
  expect(body).toEqual({ data: { l: [{ deviceName: 'one' }, NAMES[1], { deviceName: 'three' }] } });
  expect(sentToGraph(emulator)).toEqual([[GET(1), GET(2), GET(3)], [GET(2)]]);
});

it('counts what it did in the log of the operation', async () => {
  const { query, emulator, logs } = await startGateway();
  emulator.graph.respondWith(entry(1, throttled()));
  await query(THREE);
  expect(logs()).toContainEqual(expect.objectContaining({ msg: 'operation', graphCalls: 2, retries: 1 }));
});

it('holds back a single read that Graph throttles in the same way', async () => {
  const { query, emulator } = await startGateway({ env: { REQUEST_TIMEOUT_MS: '5000' } });
  const read = '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }';
  emulator.graph.respondWith([throttled(), throttled(30)]);
  const { body } = await query(read);
  expect(body.errors).toMatchObject([{ extensions: { code: 'THROTTLED', retryAfterSeconds: 30 } }]);
  expect(emulator.graph.requests).toHaveLength(2);
});
