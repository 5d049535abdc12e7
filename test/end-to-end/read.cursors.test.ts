import { expect, it, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { startRawGraph } from '../support/raw-graph.ts';
import { httpAnswer } from '../support/raw-server.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const PAGE = `query ($after: String) { remoteHelpSessionResponses(first: 2, after: $after) {
  nodes { deviceName } pageInfo { endCursor hasNextPage } } }`;
const written = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

it('refuses what is no cursor, without asking Graph', async () => {
  const { query, emulator } = await startGateway();
  const made: string = (await query(PAGE)).body.data.remoteHelpSessionResponses.pageInfo.endCursor;
  const strangers = ['', ' ', 'x', 'session-1', `${made}=`, ` ${made}`, made.slice(0, -4), 'A'.repeat(40_000), 'ü'];
  for (const after of strangers) {
    const { body } = await query(PAGE, { variables: { after } });
    expect(body.errors, after).toMatchObject([
      { path: ['remoteHelpSessionResponses'], extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(body.errors[0].message).not.toContain(after.trim() || 'cursor that is quoted');
  }
  expect(emulator.graph.requests).toHaveLength(1);
});

test.each([
  '$filter=startswith(deviceName,%27x%27)',
  '$expand=children',
  '$top=999999999',
  '$select=acsHelperUserToken',
  '$orderby=deviceName',
  '$count=true',
  'api-version=beta',
])('nothing but a skip token reaches Graph: %s in a cursor is refused in every place', async (option) => {
  const { query, emulator } = await startGateway();
  const made: string = (await query(PAGE)).body.data.remoteHelpSessionResponses.pageInfo.endCursor;
  const [page, ...numbers] = JSON.parse(Buffer.from(made, 'base64url').toString()) as [string, number, number];
  for (const changed of [option, `${page}&${option}`, `${option}&${page}`, `${page}#${option}`, `${page}?&${option}`]) {
    const { body } = await query(PAGE, { variables: { after: written([changed, ...numbers]) } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
  expect(emulator.graph.requests).toHaveLength(1);
});

it('asks Graph for no more than a page, whatever the numbers in a cursor are', async () => {
  const { query, emulator } = await startGateway();
  for (const numbers of [
    [0, 101],
    [0, 1e9],
    [0, 0],
    [0, -1],
    [0, 1.5],
    [1e9, 2],
    [-1, 2],
    ['0', 2],
    [null, 2],
    [0, null],
  ]) {
    const { body } = await query(PAGE, { variables: { after: written(['$skiptoken=x', ...numbers]) } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  }
  expect(emulator.graph.requests).toEqual([]);
});

it('continues in another process, whatever its credential', async () => {
  // Each emulator has its own client secret.
  const [one, other] = [await startGateway(), await startGateway()];
  expect(one.emulator.entra.clientSecret).not.toBe(other.emulator.entra.clientSecret);
  const first = (await one.query(PAGE)).body.data.remoteHelpSessionResponses;
  const second = (await other.query(PAGE, { variables: { after: first.pageInfo.endCursor } })).body.data;
  expect(second.remoteHelpSessionResponses.nodes).toEqual([
    { deviceName: 'LAPTOP-4F7Q2' },
    { deviceName: 'Kiosk – Zürich HB' },
  ]);
});

it('takes back the cursor that it made of a skip token of 10,000 characters', async () => {
  const { query, emulator } = await startGateway();
  const token = 'aB3-_%2F'.repeat(1_250);
  const link = `${emulator.graph.baseUrl}/RemoteHelpSessionRetrieveResponse?$skiptoken=${token}`;
  emulator.graph.respondWith({ status: 200, body: { value: [{ deviceName: 'one' }], '@odata.nextLink': link } });
  const { endCursor } = (await query(PAGE)).body.data.remoteHelpSessionResponses.pageInfo;
  emulator.graph.respondWith({ status: 200, body: { value: [{ deviceName: 'two' }] } });
  const { body } = await query(PAGE, { variables: { after: endCursor } });
  expect(body).toMatchObject({ data: { remoteHelpSessionResponses: { nodes: [{ deviceName: 'two' }] } } });
  expect(sentToGraph(emulator).at(-1)).toBe(`?$skiptoken=${token}&$top=2&$select=deviceName`);
});

const COLLECTION = '/beta/RemoteHelpSessionRetrieveResponse';
const TWO = [{ deviceName: 'one' }, { deviceName: 'two' }];

/** A Graph whose lists go on with this token, however long it makes the address; the emulator takes 16 KiB. */
const startLongList = (token: string) =>
  startRawGraph((socket, { path }) => {
    const origin = `http://127.0.0.1:${socket.localPort}`;
    const more = path.includes('skiptoken') ? {} : { '@odata.nextLink': `${origin}${COLLECTION}?$skiptoken=${token}` };
    socket.write(httpAnswer(JSON.stringify({ value: TWO, ...more })));
  });

it.each(['"', '+', 'é', '漢', '"b é'])(
  'takes a skip token of 10,000 characters such as %s, as Graph wrote it or percent-encoded',
  async (text) => {
    const plain = text.repeat(10_000 / text.length);
    const encoded = encodeURIComponent(plain);
    for (const token of text === '+' ? [encoded] : [plain.replaceAll('"', '%22'), encoded]) {
      const { query, graph } = await startLongList(token);
      const first = (await query(PAGE)).body.data.remoteHelpSessionResponses;
      expect(first).toMatchObject({ nodes: TWO, pageInfo: { hasNextPage: true } });
      const { body } = await query(PAGE, { variables: { after: first.pageInfo.endCursor } });
      expect(body).toMatchObject({ data: { remoteHelpSessionResponses: { nodes: TWO } } });
      const sent = `${COLLECTION}?$skiptoken=${encoded}&$top=2&$select=deviceName`;
      expect(graph.requests.at(-1)?.path === sent).toBe(true);
    }
  },
);

it('continues within a page of a long skip token', async () => {
  const token = encodeURIComponent('漢'.repeat(10_000));
  const { query, graph } = await startLongList(token);
  const EDGES = `query ($after: String) { remoteHelpSessionResponses(first: 2, after: $after) {
    edges { cursor node { deviceName } } } }`;
  const after = (await query(EDGES)).body.data.remoteHelpSessionResponses.edges[1].cursor;
  const [edge] = (await query(EDGES, { variables: { after } })).body.data.remoteHelpSessionResponses.edges;
  const { body } = await query(EDGES, { variables: { after: edge.cursor } });
  expect(body.data.remoteHelpSessionResponses.edges).toMatchObject([{ node: { deviceName: 'two' } }]);
  expect(graph.requests.at(-1)?.path).toContain(token);
});

test.each([
  ['nodes { deviceName }', { nodes: TWO }],
  ['edges { node { deviceName } }', { edges: TWO.map((node) => ({ node })) }],
  ['nodes { deviceName } pageInfo { hasNextPage }', { nodes: TWO, pageInfo: { hasNextPage: true } }],
  ['nodes { deviceName } pageInfo { startCursor }', { nodes: TWO, pageInfo: { startCursor: expect.any(String) } }],
])('a skip token for which there is no cursor does not matter to %s', async (fields, page) => {
  const { query } = await startLongList('x'.repeat(100_000));
  const { body } = await query(`{ remoteHelpSessionResponses(first: 2) { ${fields} } }`);
  expect(body).toEqual({ data: { remoteHelpSessionResponses: page } });
});

it('a skip token for which there is no cursor is the error of the cursor, and the entries stay', async () => {
  const { query, graph } = await startLongList('x'.repeat(100_000));
  const { body } = await query(PAGE);
  expect(body.data).toEqual({
    remoteHelpSessionResponses: { nodes: TWO, pageInfo: { endCursor: null, hasNextPage: true } },
  });
  expect(body.errors).toMatchObject([
    {
      path: ['remoteHelpSessionResponses', 'pageInfo', 'endCursor'],
      extensions: { code: 'UPSTREAM_UNAVAILABLE', graph: { status: 200, clientRequestId: expect.any(String) } },
    },
  ]);
  expect(graph.requests).toHaveLength(1);
});
