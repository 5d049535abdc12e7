import { expect, it } from 'vitest';
import {
  dropConnection,
  type Fault,
  forRequests,
  graphError,
  hang,
  repeated,
  unavailable,
} from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const FOUR = `{
  a: remoteHelpSessionResponse(id: "session-1") { deviceName }
  b: remoteHelpSessionResponse(id: "session-2") { deviceName }
  list: remoteHelpSessionResponsesById(ids: ["session-3", "session-2", "session-4"]) { deviceName }
}`;

const byPath = (one: { path: unknown[] }, other: { path: unknown[] }) =>
  String(one.path).localeCompare(String(other.path));

const entry = (id: string, fault: Fault): Fault => forRequests({ inBatch: true, path: new RegExp(`/${id}$`) }, fault);

/** An answer of the envelope as it is written here. */
const envelope = (body: unknown, status = 200): Fault => forRequests({ path: '/$batch' }, { status, body });

it('gives each entry its own error, with its own path and its own Graph request id', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith([
    entry('session-1', { ...graphError(403, 'Forbidden'), headers: { 'request-id': 'id-of-1' } }),
    entry('session-2', {
      status: 507,
      body: { error: { code: '', message: 'x', innererror: { 'request-id': 'id-of-2', 'client-request-id': 'ours' } } },
    }),
    entry('session-4', graphError(409, 'Conflict')),
  ]);
  const { body } = await query(FOUR);
  expect(body.data).toEqual({
    a: null,
    b: null,
    list: [{ deviceName: 'LAPTOP-4F7Q2' }, null, null],
  });
  const outer = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(body.errors.toSorted(byPath)).toMatchObject([
    { path: ['a'], extensions: { code: 'FORBIDDEN', graph: { status: 403, requestId: 'id-of-1' } } },
    {
      path: ['b'],
      extensions: {
        code: 'UPSTREAM_UNAVAILABLE',
        graph: { status: 507, requestId: 'id-of-2', clientRequestId: 'ours' },
      },
    },
    { path: ['list', 1], extensions: { code: 'UPSTREAM_UNAVAILABLE', graph: { requestId: 'id-of-2' } } },
    // An entry without ids of its own has those of the batch, the one that was sent among them.
    {
      path: ['list', 2],
      extensions: {
        code: 'CONFLICT',
        graph: {
          status: 409,
          requestId: outer,
          clientRequestId: emulator.graph.requests[0]?.headers['client-request-id'],
        },
      },
    },
  ]);
  expect(emulator.graph.requests).toHaveLength(1);
});

it.each([500, 502, 503, 504])('asks again for the one entry that met a passing %i', async (status) => {
  const { query, emulator, logs } = await startGateway();
  const GET = (id: string) => `${id}?$select=deviceName`;
  emulator.graph.respondWith([
    entry('session-2', graphError(status, 'generalException')),
    entry('session-4', { ...unavailable(status), headers: { 'Retry-After': '0' } }),
    entry('session-4', graphError(status, 'generalException')),
  ]);
  const { body } = await query(FOUR);
  expect(body.errors).toBeUndefined();
  expect(sentToGraph(emulator)).toEqual([
    ['session-1', 'session-2', 'session-3', 'session-4'].map(GET),
    ['session-2', 'session-4'].map(GET),
    [GET('session-4')],
  ]);
  const [line] = logs().filter(({ msg }) => msg === 'operation');
  const ids = emulator.graph.requests.map(({ headers }) => headers['client-request-id']);
  expect(line).toMatchObject({ graphCalls: 3, retries: 2, clientRequestIds: ids.slice(0, 2) });
});

it('gives up on an entry as on a single read: after three repetitions, or when its wait does not fit', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith([
    entry('session-2', repeated(9, graphError(500, 'generalException'))),
    entry('session-4', { ...unavailable(503), headers: { 'Retry-After': '60' } }),
  ]);
  const { body } = await query(FOUR);
  expect(body.data).toMatchObject({ a: { deviceName: expect.any(String) }, b: null });
  expect(body.errors.toSorted(byPath)).toMatchObject([
    { path: ['b'], extensions: { code: 'UPSTREAM_UNAVAILABLE', graph: { status: 500 } } },
    { path: ['list', 1], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    { path: ['list', 2], extensions: { code: 'THROTTLED', retryAfterSeconds: 60, graph: { status: 503 } } },
  ]);
  expect(sentToGraph(emulator).map((entries) => entries.length)).toEqual([4, 1, 1, 1]);
});

it.each([400, 401, 403, 409, 501, 507])(
  'asks only once for an entry that met a %i, which does not pass',
  async (status) => {
    const { query, emulator } = await startGateway();
    emulator.graph.respondWith(entry('session-1', repeated(9, graphError(status, 'x'))));
    await query(FOUR);
    // A token that Graph does not take for the entry is the matter of a single call.
    const batches = emulator.graph.requests.filter(({ url }) => url.endsWith('$batch'));
    expect(batches).toHaveLength(1);
  },
);

it('makes an entry without an answer the error of that entry only, whatever the order of the rest', async () => {
  const { query, emulator } = await startGateway();
  // Often enough for the document to be compiled, which must not be seen.
  for (let use = 1; use <= 10; use += 1) await query(FOUR);
  emulator.graph.clear();
  emulator.graph.respondWith(
    envelope({
      responses: [
        { id: '3', status: 200, body: { value: { deviceName: 'four' } } },
        { id: '2', status: 200, headers: null, body: { deviceName: 'three' } },
        null,
        { id: '77', status: 200, body: { deviceName: 'nobody asked' } },
        { id: '0', status: 200, headers: {}, body: { value: { deviceName: 'one' } } },
      ],
    }),
  );
  const { body } = await query(FOUR);
  expect(body.data).toEqual({
    a: { deviceName: 'one' },
    b: null,
    list: [{ deviceName: 'three' }, null, { deviceName: 'four' }],
  });
  expect(body.errors.map(({ path }: { path: unknown[] }) => path)).toEqual(
    expect.arrayContaining([['b'], ['list', 1]]),
  );
  for (const { extensions } of body.errors) {
    expect(extensions).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      graph: { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  }
  expect(emulator.graph.requests).toHaveLength(1);
});

it.each([
  { id: '0', status: '200', body: { deviceName: 'x' } },
  { id: '0', status: 200, body: 'bm8ganNvbg==' },
  { id: '0', status: 200 },
  { id: '0', body: { deviceName: 'x' } },
  { id: '0', status: 302, headers: { Location: 'https://elsewhere.example/' } },
  { id: '0', status: 200, body: { value: [] } },
])('calls the entry %j no answer', async (odd) => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith(envelope({ responses: [odd, { id: '1', status: 200, body: { deviceName: 'two' } }] }));
  const { body } = await query('{ l: remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { deviceName } }');
  expect(body.data.l).toEqual([null, { deviceName: 'two' }]);
  expect(body.errors).toMatchObject([{ path: ['l', 0], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
});

const noContent = (status: number): Fault => ({ status });
const page: Fault = { status: 404, headers: { 'Content-Type': 'text/html' }, body: '<html>not here</html>' };

it.each([
  ['404 and a page', page, { status: 404, headers: { 'Content-Type': 'text/html' }, body: 'PGh0bWw+' }],
  ['404 and JSON text', { ...graphError(404, 'x'), body: '"x"' }, { status: 404, body: 'x' }],
  ['404 and a list', { ...graphError(404, 'x'), body: [] }, { status: 404, body: [] }],
  ['410 and a page', { ...page, status: 410 }, { status: 410, body: 'PGh0bWw+' }],
  ['403 and a page', { ...page, status: 403 }, { status: 403, body: 'PGh0bWw+' }],
  ['507 and a page', { ...page, status: 507 }, { status: 507, body: 'PGh0bWw+' }],
  ['404 without content', noContent(404), { status: 404 }],
  ['404 and null', noContent(404), { status: 404, body: null }],
  ['410 without content', noContent(410), { status: 410 }],
  ['404 in Graph’s words', graphError(404, 'NotFound'), { status: 404, body: { error: { code: 'NotFound' } } }],
] as const)('takes %s of an entry for what it is to a single read', async (_what, fault, odd) => {
  const { query, emulator, logs } = await startGateway();
  const json = typeof fault.body === 'object' || fault.body === '"x"' ? { 'Content-Type': 'application/json' } : {};
  emulator.graph.respondWith({ ...fault, headers: { ...json, ...fault.headers } });
  const single = await query('{ l: remoteHelpSessionResponse(id: "session-1") { deviceName } }');
  emulator.graph.respondWith(
    envelope({
      responses: [
        { id: '0', ...odd },
        { id: '1', status: 200, body: { deviceName: 'two' } },
      ],
    }),
  );
  const batch = await query('{ l: remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { deviceName } }');
  expect(batch.body.data.l).toEqual([null, { deviceName: 'two' }]);
  const told = ({ body }: typeof batch) =>
    (body.errors ?? []).map(
      ({ message, extensions }: { message: string; extensions: { code: string; graph: { status: number } } }) =>
        [message, extensions.code, extensions.graph.status] as const,
    );
  expect(told(batch)).toEqual(told(single));
  expect(emulator.graph.requests).toHaveLength(2);
  // What is not found has not failed, in a batch as little as alone.
  const lines = logs().filter(({ msg }) => msg === 'operation');
  const failed = lines.map(({ clientRequestIds }) => clientRequestIds !== undefined);
  expect(failed).toEqual(new Array(2).fill(single.body.errors !== undefined));
});

it.each([{ responses: {} }, {}])('calls the envelope %j no answer to any of its entries', async (body) => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith(envelope(body));
  const answer = await query(FOUR);
  expect(answer.body.data).toEqual({ a: null, b: null, list: [null, null, null] });
  expect(answer.body.errors).toHaveLength(5);
  for (const { extensions } of answer.body.errors) expect(extensions.code).toBe('UPSTREAM_UNAVAILABLE');
});

it('asks again for a whole batch that met a broken connection or a 503', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith([dropConnection(), unavailable()].map((fault) => forRequests({ path: '/$batch' }, fault)));
  const { body } = await query(FOUR);
  expect(body.errors).toBeUndefined();
  expect(emulator.graph.requests.map(({ status }) => status)).toEqual([undefined, 503, 200]);
});

it('makes one failed batch the error of its own entries, and answers the others', async () => {
  const { query, emulator } = await startGateway();
  const ids = Array.from({ length: 25 }, (_, index) => `s-${index}`);
  for (const id of ids) emulator.graph.sessions.set(id, { deviceName: id });
  emulator.graph.respondWith(forRequests({ path: '/$batch' }, graphError(507, 'insufficientStorage')));
  const { body } = await query('query ($ids: [ID!]!) { l: remoteHelpSessionResponsesById(ids: $ids) { deviceName } }', {
    variables: { ids },
  });
  const failed = body.errors.map(({ path }: { path: [string, number] }) => path[1]);
  expect([20, 5]).toContain(failed.length);
  expect(
    body.data.l.map((each: unknown, index: number) => (each === null ? index : -1)).filter((i: number) => i >= 0),
  ).toEqual(failed.sort((a: number, b: number) => a - b));
  expect(new Set(body.errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code))).toEqual(
    new Set(['UPSTREAM_UNAVAILABLE']),
  );
  expect(sentToGraph(emulator)).toHaveLength(2);
});

it('ends with UPSTREAM_TIMEOUT for every entry when Graph does not answer within the budget', async () => {
  const { query, emulator } = await startGateway({ env: { REQUEST_TIMEOUT_MS: '150' } });
  emulator.graph.respondWith(repeated(9, hang()));
  const { body } = await query(FOUR);
  expect(body.errors).toHaveLength(5);
  for (const { extensions } of body.errors) expect(extensions.code).toBe('UPSTREAM_TIMEOUT');
});
