import { expect, it } from 'vitest';
import { forRequests, graphError, hang, repeated } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const BY_ID = 'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { id deviceName } }';
const FIELDS = `id sessionKey acsHelperUserToken acsHelperUserId acsSharerUserId acsGroupId sessionType sessionTypes
  deviceName pubSubGroupId pubSubHelperAccessUri sessionExpirationDateTime webClientUri`;

/** `{ s0: ..., s1: ... }` for sessions that the emulator gets with it. */
function aliased(count: number, { emulator }: TestGateway): string {
  const fields = Array.from({ length: count }, (_, index) => {
    emulator.graph.sessions.set(`s-${index}`, {
      ...emulator.graph.sessions.get('session-1'),
      deviceName: `Device ${index}`,
    });
    return `s${index}: remoteHelpSessionResponse(id: "s-${index}") { ...F }`;
  });
  return `{ ${fields.join(' ')} } fragment F on RemoteHelpSessionResponse { ${FIELDS} }`;
}

/** Until `count` requests have reached Graph. */
async function arrived(count: number, { emulator }: TestGateway): Promise<void> {
  await expect.poll(() => emulator.graph.requests.length, { interval: 2, timeout: 5000 }).toBe(count);
}

it('reads 100 aliases with every field in exactly 5 batches of 20, each answer at its alias', async () => {
  const gateway = await startGateway();
  const { body } = await gateway.query(aliased(100, gateway));
  expect(body.errors).toBeUndefined();
  const expected = Array.from({ length: 100 }, (_, index) => [
    `s${index}`,
    expect.objectContaining({ id: `s-${index}`, deviceName: `Device ${index}`, sessionType: 'VIEW_SCREEN' }),
  ]);
  expect(body.data).toEqual(Object.fromEntries(expected));
  const { requests } = gateway.emulator.graph;
  expect(requests.map(({ method, url, batch }) => [method, url, batch?.length])).toEqual(
    Array(5).fill(['POST', '/beta/$batch', 20]),
  );
  const ids = requests.flatMap(({ batch }) => batch?.map(({ url }) => url.split(/[/?]/)[2]));
  expect(new Set(ids).size).toBe(100);
  expect(gateway.emulator.entra.requests.filter(({ path }) => path.endsWith('/token'))).toHaveLength(1);
});

it('sends all 5 batches before the first is answered', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith(forRequests({ path: '/$batch' }, repeated(5, hang())));
  const answer = gateway.query(aliased(100, gateway));
  await arrived(5, gateway);
  expect(gateway.emulator.graph.requests.map(({ status }) => status)).toEqual(Array(5).fill(undefined));
  // The broken connections have the reads asked again, now without a fault.
  await gateway.emulator.graph.stop();
  await gateway.emulator.graph.start();
  await answer;
});

it('gathers the ids of aliases, fragments and fields of one operation, each id once', async () => {
  const { query, emulator } = await startGateway();
  const { body } = await query(`
    query { a: remoteHelpSessionResponse(id: "session-1") { deviceName } ...More
      b: remoteHelpSessionResponsesById(ids: ["session-3", "session-1"]) { deviceName } }
    fragment More on Query {
      c: remoteHelpSessionResponse(id: "session-2") { deviceName }
      ... { d: remoteHelpSessionResponse(id: "session-3") { deviceName } } }`);
  expect(body.errors).toBeUndefined();
  expect(sentToGraph(emulator)).toEqual([
    ['session-1?$select=deviceName', 'session-2?$select=deviceName', 'session-3?$select=deviceName'],
  ]);
});

it.each([
  { ids: ['session-1'], sent: ['session-1?$select=deviceName'] },
  { ids: ['session-1', 'session-1', 'session-1'], sent: ['session-1?$select=deviceName'] },
  { ids: [], sent: [] },
  { ids: ['session-1', 'session-2'], sent: [['session-1?$select=deviceName', 'session-2?$select=deviceName']] },
])('sends for the ids $ids what it must, and no more', async ({ ids, sent }) => {
  const { query, emulator } = await startGateway();
  const { body } = await query(BY_ID, { variables: { ids } });
  expect(body.errors).toBeUndefined();
  expect(body.data.remoteHelpSessionResponsesById).toHaveLength(ids.length);
  expect(sentToGraph(emulator)).toEqual(sent);
});

it('sends 21 ids as 20 and 1, and 40 as 20 and 20', async () => {
  const { query, emulator } = await startGateway();
  for (const count of [21, 40]) {
    await query(BY_ID, { variables: { ids: Array.from({ length: count }, (_, index) => `n-${index}`) } });
  }
  expect(sentToGraph(emulator).map(({ length }) => length)).toEqual([20, 1, 20, 20]);
});

it('keeps the order and the duplicates of ids, with null for what Graph does not find', async () => {
  const { query } = await startGateway();
  const ids = ['session-5', 'nobody', 'session-2', 'session-5', 'session-1', 'nobody', 'session-2'];
  const { body } = await query(BY_ID, { variables: { ids } });
  expect(body.errors).toBeUndefined();
  expect(body.data.remoteHelpSessionResponsesById.map((each: { id: string } | null) => each?.id ?? null)).toEqual(
    ids.map((id) => (id === 'nobody' ? null : id)),
  );
});

it.each(['canonical', 'lower', 'upper', 'mixed'] as const)(
  'reads the headers of entries in %s case',
  async (spelling) => {
    const { query, emulator } = await startGateway({ env: { REQUEST_TIMEOUT_MS: '5000' } });
    emulator.graph.entryHeaderCase = spelling;
    emulator.graph.respondWith(
      ['session-1', 'session-2', 'session-3'].map((id, index) =>
        forRequests(
          { inBatch: true, path: new RegExp(`/${id}$`) },
          {
            ...graphError(429, 'TooManyRequests'),
            headers: { 'Retry-After': String(30 + index), 'Request-Id': `r-${id}` },
          },
        ),
      ),
    );
    const { body } = await query(BY_ID, { variables: { ids: ['session-1', 'session-2', 'session-3'] } });
    expect(body.errors).toHaveLength(3);
    for (const [index, { extensions }] of body.errors.entries()) {
      expect(extensions).toMatchObject({
        code: 'THROTTLED',
        retryAfterSeconds: 32,
        graph: { status: 429, requestId: `r-session-${index + 1}` },
      });
    }
  },
);

it('asks for nothing of an id that cannot be one, and still reads the others', async () => {
  const { query, emulator } = await startGateway();
  const { body } = await query(BY_ID, { variables: { ids: ['session-1', '..', 'session-2'] } });
  expect(body.data.remoteHelpSessionResponsesById).toEqual([
    expect.objectContaining({ id: 'session-1' }),
    null,
    expect.objectContaining({ id: 'session-2' }),
  ]);
  expect(body.errors).toMatchObject([
    { path: ['remoteHelpSessionResponsesById', 1], extensions: { code: 'BAD_USER_INPUT' } },
  ]);
  expect(sentToGraph(emulator)).toEqual([['session-1?$select=deviceName', 'session-2?$select=deviceName']]);
});

it('takes back the encoding of ids in the entries of a batch', async () => {
  const { query, emulator } = await startGateway();
  const ids = ['a/b', "it's ü#?&", 'per%20cent'];
  for (const id of ids) emulator.graph.sessions.set(id, { deviceName: `of ${id}` });
  const { body } = await query(BY_ID, { variables: { ids } });
  expect(body).toEqual({ data: { remoteHelpSessionResponsesById: ids.map((id) => ({ id, deviceName: `of ${id}` })) } });
});
