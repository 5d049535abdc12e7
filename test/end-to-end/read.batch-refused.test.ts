import { describe, expect, it } from 'vitest';
import {
  entraError,
  type Fault,
  forRequests,
  graphError,
  hang,
  repeated,
  throttled,
  unavailable,
} from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const BY_ID = 'query ($ids: [ID!]!) { l: remoteHelpSessionResponsesById(ids: $ids) { id deviceName } }';
const SAMPLES = ['session-1', 'session-2', 'session-3'];
const SINGLES = SAMPLES.map((id) => `${id}?$select=deviceName`);
const unknownProperty = (name: string): Fault =>
  graphError(400, 'BadRequest', `Could not find a property named '${name}' on type 'microsoft.graph.x'.`);
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

const statuses = [400, 402, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 422, 423, 424, 451, 501];

describe.each([
  ['in words of Graph’s', (status: number) => whole(graphError(status, 'x'))],
  ['on a page', page],
])('the whole batch is refused %s', (_form, refusal) => {
  it.each(statuses)('with %i: the operation reads one by one', async (status) => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(refusal(status));
    const { body } = await read(gateway, [...SAMPLES, 'nobody']);
    expect(body).toEqual({ data: { l: [...SAMPLES.map((id) => ({ id, deviceName: expect.any(String) })), null] } });
    const [refused, ...singles] = sentToGraph(gateway.emulator);
    expect(refused).toHaveLength(4);
    expect(singles.toSorted()).toEqual(['nobody?$select=deviceName', ...SINGLES]);
    const line = gateway.logs().find(({ msg }) => msg === 'operation');
    expect(line).toMatchObject({
      graphCalls: 5,
      clientRequestIds: [gateway.emulator.graph.requests[0]?.headers['client-request-id']],
    });
    expect(line?.graphRequestIds).toHaveLength(5);
  });
});

const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const stepUp: Fault = {
  ...graphError(403, 'Forbidden'),
  headers: { 'WWW-Authenticate': `Bearer claims="${Buffer.from(claims).toString('base64')}"` },
};

it.each([
  ['429', { ...throttled(60) }, 'THROTTLED', 1],
  ['401', graphError(401, 'InvalidAuthenticationToken'), 'UPSTREAM_UNAVAILABLE', 2],
  ['403 with a challenge', stepUp, 'INTERACTION_REQUIRED', 2],
  ['500', graphError(500, 'x'), 'UPSTREAM_UNAVAILABLE', 4],
  ['502', graphError(502, 'x'), 'UPSTREAM_UNAVAILABLE', 4],
  ['503', graphError(503, 'x'), 'UPSTREAM_UNAVAILABLE', 4],
  ['504', graphError(504, 'x'), 'UPSTREAM_UNAVAILABLE', 4],
  ['507', graphError(507, 'x'), 'UPSTREAM_UNAVAILABLE', 1],
  ['a redirect', { ...graphError(302, 'x'), headers: { Location: '/x' } }, 'UPSTREAM_UNAVAILABLE', 1],
  ['nothing', { status: 204 }, 'UPSTREAM_UNAVAILABLE', 1],
] as const)(
  'does not read one by one after %s, which single reads would meet as well',
  async (_what, fault, code, calls) => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(whole(repeated(9, fault)));
    const { body } = await read(gateway);
    expect(body.errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code)).toEqual(
      SAMPLES.map(() => code),
    );
    expect(batches(gateway)).toEqual(new Array(calls).fill(true));
  },
);

it('does not read one by one when Entra does not grant what the batch was challenged for', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith(whole(stepUp));
  gateway.emulator.entra.respondWith([
    { match: { path: /\/token$/ }, delayMs: 0 },
    forRequests({ path: /\/token$/ }, entraError(50076, { error: 'interaction_required', claims })),
  ]);
  const { status, body } = await read(gateway);
  expect([status, body.errors[0].extensions]).toMatchObject([401, { code: 'INTERACTION_REQUIRED', claims }]);
  expect(batches(gateway)).toEqual([true]);
});

it('asks once for each session that the caller may not read, and then no more', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith(repeated(Number.POSITIVE_INFINITY, graphError(403, 'Forbidden')));
  for (const calls of [4, 4, 3]) {
    const before = gateway.emulator.graph.requests.length;
    const { body } = await read(gateway);
    expect(body.errors).toMatchObject(
      SAMPLES.map((_, index) => ({ path: ['l', index], extensions: { code: 'FORBIDDEN', graph: { status: 403 } } })),
    );
    expect(gateway.emulator.graph.requests.length - before).toBe(calls);
  }
});

it('costs the caller no more than the batch would have', async () => {
  const gateway = await startGateway({ env: { GRAPH_REQUESTS_PER_MINUTE: '6' } });
  gateway.emulator.graph.respondWith(whole(repeated(9, graphError(403, 'Forbidden'))));
  for (let time = 0; time < 2; time += 1) expect((await read(gateway)).body.errors).toBeUndefined();
  expect((await read(gateway)).body.errors[0].extensions.code).toBe('RATE_LIMITED');
  expect(batches(gateway)).toEqual([true, false, false, false, true, false, false, false]);
});

it.each([
  ['failed for the moment', { status: 503 }],
  ['names a property that Graph has dropped', unknownProperty('deviceName')],
] as const)('reads one by one what it asks for again because it %s, when Graph refuses that', async (_why, failed) => {
  const gateway = await startGateway();
  const found = (id: string) => ({ id, status: 200, body: { deviceName: `d-${id}` } });
  const responses = [found('0'), { id: '1', ...failed }, { id: '2', ...failed }];
  gateway.emulator.graph.respondWith([whole({ status: 200, body: { responses } }), whole(graphError(405, 'x'))]);
  const { body } = await read(gateway);
  expect(body.errors).toBeUndefined();
  expect(body.data.l[0]).toEqual({ id: 'session-1', deviceName: 'd-0' });
  const [first, again, ...singles] = sentToGraph(gateway.emulator);
  expect([first, again].map((entries) => entries?.length)).toEqual([3, 2]);
  expect(singles.map((each) => String(each).split('?')[0]).toSorted()).toEqual(['session-2', 'session-3']);
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

it.each([403, 405, 501])('believes the second %i of one caller as well', async (status) => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith(whole(repeated(9, graphError(status, 'x'))));
  for (let time = 0; time < 3; time += 1) expect((await read(gateway)).body.errors).toBeUndefined();
  const [single, batch] = [[false, false, false], [true]];
  expect(batches(gateway)).toEqual([batch, single, batch, single, single].flat());
});

it.each([400, 403, 404, 405, 501])(
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
