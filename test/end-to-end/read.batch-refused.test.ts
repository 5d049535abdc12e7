import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { forRequests, hang, repeated } from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const BY_ID = 'query ($ids: [ID!]!) { l: remoteHelpSessionResponsesById(ids: $ids) { id deviceName } }';
const SAMPLES = ['session-1', 'session-2', 'session-3'];
const SINGLES = SAMPLES.map((id) => `${id}?$select=deviceName`);

it.each([400, 404] as const)('reads one by one after a %i for the whole batch, and remembers it', async (status) => {
  const { query, emulator } = await startGateway();
  emulator.graph.batchRefused = status;
  const first = await query(BY_ID, { variables: { ids: [...SAMPLES, 'nobody'] } });
  expect(first.body).toEqual({
    data: { l: [...SAMPLES.map((id) => ({ id, deviceName: expect.any(String) })), null] },
  });
  const [refused, ...singles] = sentToGraph(emulator);
  expect(refused).toHaveLength(4);
  expect(singles.toSorted()).toEqual(['nobody?$select=deviceName', ...SINGLES]);

  await query(BY_ID, { variables: { ids: SAMPLES } });
  expect(sentToGraph(emulator).slice(5).toSorted()).toEqual(SINGLES);
});

it('takes a Graph that does not know the path of $batch for one that takes none', async () => {
  const { query, emulator } = await startGateway();
  const message = "Resource not found for the segment '$batch'.";
  emulator.graph.respondWith(
    forRequests({ path: '/$batch' }, { status: 400, body: { error: { code: 'BadRequest', message } } }),
  );
  const { body } = await query(BY_ID, { variables: { ids: SAMPLES } });
  expect(body.errors).toBeUndefined();
  expect(sentToGraph(emulator)).toHaveLength(4);
});

it('offers Graph a batch again after a while', async () => {
  let now = Date.now();
  const { query, emulator } = await startGateway({ dependencies: { clock: () => now } });
  emulator.graph.batchRefused = 400;
  await query(BY_ID, { variables: { ids: SAMPLES } });
  emulator.graph.batchRefused = false;
  now += 9 * 60_000;
  await query(BY_ID, { variables: { ids: SAMPLES } });
  now += 2 * 60_000;
  await query(BY_ID, { variables: { ids: SAMPLES } });
  const isBatch = emulator.graph.requests.map(({ url }) => url.endsWith('$batch'));
  expect(isBatch).toEqual([true, false, false, false, false, false, false, true]);
});

it('sends no more than four single reads at once', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.batchRefused = 400;
  emulator.graph.respondWith(forRequests({ method: 'GET' }, repeated(4, hang())));
  const answer = query(BY_ID, { variables: { ids: Array.from({ length: 10 }, (_, index) => `s-${index}`) } });
  await expect.poll(() => emulator.graph.requests.length, { interval: 2, timeout: 5000 }).toBe(5);
  await sleep(20);
  expect(emulator.graph.requests.map(({ status }) => status)).toEqual([400, ...Array(4).fill(undefined)]);
  await emulator.graph.stop();
  await answer;
});

it('makes what one single read meets the error of its own place', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.batchRefused = 404;
  emulator.graph.respondWith(
    forRequests(
      { path: /session-2$/ },
      { status: 403, headers: { 'request-id': 'id-of-2' }, body: { error: { code: 'Forbidden', message: '' } } },
    ),
  );
  const { body } = await query(BY_ID, { variables: { ids: SAMPLES } });
  expect(body.data.l.map((each: unknown) => each === null)).toEqual([false, true, false]);
  expect(body.errors).toMatchObject([
    { path: ['l', 1], extensions: { code: 'FORBIDDEN', graph: { requestId: 'id-of-2' } } },
  ]);
});
