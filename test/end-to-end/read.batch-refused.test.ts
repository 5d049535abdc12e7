import { expect, it } from 'vitest';
import { type Fault, forRequests, graphError, hang, repeated, unavailable } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const BY_ID = 'query ($ids: [ID!]!) { l: remoteHelpSessionResponsesById(ids: $ids) { id deviceName } }';
const SAMPLES = ['session-1', 'session-2', 'session-3'];
const SINGLES = SAMPLES.map((id) => `${id}?$select=deviceName`);
const OTHER = '00000000-0000-4000-8000-0000000000aa';

const whole = (fault: Fault) => forRequests({ path: '/$batch' }, fault);
const page = (status: number) => whole({ ...unavailable(status) });
const read = ({ query }: TestGateway, ids: readonly string[] = SAMPLES, token?: string) =>
  query(BY_ID, { variables: { ids }, ...(token !== undefined && { token }) });
/** Of each request whether it was a batch. */
const batches = ({ emulator }: TestGateway) => emulator.graph.requests.map(({ url }) => url.endsWith('$batch'));

it.each([400, 404] as const)('reads one by one after a %i for the whole batch', async (status) => {
  const gateway = await startGateway();
  gateway.emulator.graph.batchRefused = status;
  const { body } = await read(gateway, [...SAMPLES, 'nobody']);
  expect(body).toEqual({
    data: { l: [...SAMPLES.map((id) => ({ id, deviceName: expect.any(String) })), null] },
  });
  const [refused, ...singles] = sentToGraph(gateway.emulator);
  expect(refused).toHaveLength(4);
  expect(singles.toSorted()).toEqual(['nobody?$select=deviceName', ...SINGLES]);
});

it('takes a Graph that does not know the path of $batch for one that takes none', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith(
    whole(graphError(400, 'BadRequest', "Resource not found for the segment '$batch'.")),
  );
  expect((await read(gateway)).body.errors).toBeUndefined();
  expect(sentToGraph(gateway.emulator)).toHaveLength(4);
});

it('believes the second refusal, for half a minute', async () => {
  let now = Date.now();
  const gateway = await startGateway({ dependencies: { clock: () => now } });
  const { graph } = gateway.emulator;
  graph.batchRefused = 400;
  await read(gateway);
  await read(gateway);
  graph.batchRefused = false;
  now += 29_000;
  await read(gateway);
  now += 2_000;
  await read(gateway);
  await read(gateway);
  const [single, batch] = [[false, false, false], [true]];
  expect(batches(gateway)).toEqual([batch, single, batch, single, single, batch, batch].flat());
});

it('forgets one refusal when Graph takes the next batch', async () => {
  const gateway = await startGateway();
  for (let time = 0; time < 3; time += 1) {
    gateway.emulator.graph.respondWith(whole(graphError(400, 'BadRequest')));
    await read(gateway);
    await read(gateway);
  }
  expect(batches(gateway).filter(Boolean)).toHaveLength(6);
});

it.each([400, 404])(
  'takes the page of a proxy with status %i for no word of Graph’s, however often it comes',
  async (status) => {
    const gateway = await startGateway();
    for (let time = 0; time < 5; time += 1) {
      gateway.emulator.graph.respondWith(page(status));
      expect((await read(gateway)).body.errors).toBeUndefined();
    }
    await read(gateway);
    expect(batches(gateway).filter(Boolean)).toHaveLength(6);
    expect(batches(gateway).at(-1)).toBe(true);
  },
);

it('lets nobody spoil batches for others', async () => {
  const gateway = await startGateway();
  const { entra, graph } = gateway.emulator;
  const [spoiler, other] = [await entra.mintToken(), await entra.mintToken({ oid: OTHER })];
  for (let time = 0; time < 2; time += 1) {
    graph.respondWith(whole(graphError(400, 'BadRequest')));
    await read(gateway, SAMPLES, spoiler);
  }
  graph.clear();
  await read(gateway, SAMPLES, other);
  expect(sentToGraph(gateway.emulator)).toEqual([SINGLES]);
});

it('reads as many at once as Graph itself makes of a batch, so that 200 take ten turns', async () => {
  const gateway = await startGateway({ env: { REQUEST_TIMEOUT_MS: '2000' } });
  const { graph } = gateway.emulator;
  graph.respondWith(Array.from({ length: 3 }, () => whole(graphError(400, 'BadRequest'))));
  graph.respondWith(forRequests({ method: 'GET' }, repeated(999, hang())));
  const answer = read(
    gateway,
    Array.from({ length: 60 }, (_, index) => `s-${index}`),
  );
  await expect.poll(() => graph.requests.length, { interval: 2, timeout: 5000 }).toBe(3 + 20);
  await answer;
  expect(graph.requests).toHaveLength(3 + 20);
});

it('makes what one single read meets the error of its own place', async () => {
  const gateway = await startGateway();
  const { graph } = gateway.emulator;
  graph.batchRefused = 404;
  graph.respondWith(
    forRequests(
      { path: /session-2$/ },
      { status: 403, headers: { 'request-id': 'id-of-2' }, body: { error: { code: 'Forbidden', message: '' } } },
    ),
  );
  const { body } = await read(gateway);
  expect(body.data.l.map((each: unknown) => each === null)).toEqual([false, true, false]);
  expect(body.errors).toMatchObject([
    { path: ['l', 1], extensions: { code: 'FORBIDDEN', graph: { requestId: 'id-of-2' } } },
  ]);
});
