import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const PAGE = `query ($after: String) { page: remoteHelpSessionResponses(first: 2, after: $after) {
  nodes { deviceName } pageInfo { hasNextPage startCursor endCursor } } }`;

const listed = (value: unknown[], nextLink?: unknown): Fault => ({
  status: 200,
  body: { value, ...(nextLink !== undefined && { '@odata.nextLink': nextLink }) },
});

/** A server of somebody else, and what reached it. */
async function startStranger() {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`);
    response.setHeader('content-type', 'application/json').end('{"value":[{"deviceName":"stolen"}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { seen, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('never follows a nextLink to another origin or path', async () => {
  const { query, emulator } = await startGateway();
  const { seen, host } = await startStranger();
  const graph = new URL(emulator.graph.baseUrl).host;
  const path = '/beta/RemoteHelpSessionRetrieveResponse';
  const links = [
    `http://${host}${path}?$skiptoken=x`,
    `//${host}${path}?$skiptoken=x`,
    `http://${graph}@${host}${path}?$skiptoken=x`,
    `http://${graph}%40${host}${path}?$skiptoken=x`,
    `http://${graph}\\@${host}${path}?$skiptoken=x`,
    `http://${graph}.${host}${path}?$skiptoken=x`,
    `http://${host}#@${graph}${path}?$skiptoken=x`,
    `https://${graph}${path}?$skiptoken=x`,
    `http://localhost:${new URL(emulator.graph.baseUrl).port}${path}?$skiptoken=x`,
    `http://user:word@${graph}${path}?$skiptoken=x`,
    `http://${graph}/beta/me?$skiptoken=x`,
    `http://${graph}${path}/session-1?$skiptoken=x`,
    `http://${graph}${path}/../me?$skiptoken=x`,
    `http://${graph}/v1.0/RemoteHelpSessionRetrieveResponse?$skiptoken=x`,
    `http://${graph}${path}`,
    `http://${graph}${path}?page=2`,
    `http://${graph}${path}?$skiptoken=`,
    `http://${graph}${path}?$skiptoken=a&$skiptoken=b`,
    `http://${graph}${path}?$skip=-1`,
    `http://${graph}${path}?$top=2&$select=deviceName`,
    `${path}?$skiptoken=x`,
    'javascript:alert(1)',
    'not a link',
    '',
    7,
    { url: `http://${host}` },
  ];
  for (const link of links) {
    emulator.graph.respondWith(listed([{ deviceName: 'one' }], link));
    const { body } = await query(PAGE);
    expect(body.errors, String(link)).toMatchObject([{ path: ['page'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    expect(JSON.stringify(body)).not.toContain(host);
  }
  expect(seen).toEqual([]);
  expect(sentToGraph(emulator)).toEqual(links.map(() => '?$top=2&$select=deviceName'));
});

it('does not follow a redirect of the list either', async () => {
  const { query, emulator } = await startGateway();
  const { seen, host } = await startStranger();
  emulator.graph.respondWith({ status: 302, headers: { Location: `http://${host}/` }, body: {} });
  const { body } = await query(PAGE);
  expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  expect(seen).toEqual([]);
});

it('uses of a nextLink only what continues the list: size and selection are those of the request', async () => {
  const { query, emulator } = await startGateway();
  const { seen, host } = await startStranger();
  const link = `${emulator.graph.baseUrl}/RemoteHelpSessionRetrieveResponse`;
  emulator.graph.respondWith([
    listed(
      [{ deviceName: 'one' }],
      `${link}?$select=acsHelperUserToken&%24top=999&$skiptoken=a%20b'c&%24SELECT=sessionKey&x=http://${host}/#frag`,
    ),
    listed([{ deviceName: 'two' }]),
  ]);
  const first = (await query(PAGE)).body.data.page;
  const second = (await query(PAGE, { variables: { after: first.pageInfo.endCursor } })).body.data.page;
  expect(second.nodes).toEqual([{ deviceName: 'two' }]);
  expect(sentToGraph(emulator)[1]).toBe('?$skiptoken=a%20b%27c&$top=2&$select=deviceName');
  expect(emulator.graph.requests[1]?.headers.host).toBe(new URL(emulator.graph.baseUrl).host);
  expect(seen).toEqual([]);
});

it.each([
  [
    'letters in another case',
    (link: string) => `${link.toUpperCase().replace('HTTP', 'http')}?$skiptoken=aB`,
    '$skiptoken=aB',
  ],
  ['the path in lower case', (link: string) => `${link.toLowerCase()}?$skiptoken=aB`, '$skiptoken=aB'],
  ['the name in another case', (link: string) => `${link}?$top=2&$skipToken=aB`, '$skipToken=aB'],
  ['an encoded name', (link: string) => `${link}?%24skiptoken=aB`, '$skiptoken=aB'],
  ['a number to skip', (link: string) => `${link}?$top=2&$skip=2`, '$skip=2'],
  [
    'both',
    (link: string) => `${link}?$count=true&$skip=2&$skiptoken=a%2Bb+c==&api-version=beta`,
    '$skip=2&$skiptoken=a%2Bb+c==',
  ],
  ['what would end a value', (link: string) => `${link}?$skiptoken=a;$filter=[b]`, '$skiptoken=a%3B%24filter=%5Bb%5D'],
])('follows a nextLink with %s', async (_what, linkOf, sent) => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith([
    listed([{ deviceName: 'one' }], linkOf(`${emulator.graph.baseUrl}/RemoteHelpSessionRetrieveResponse`)),
    listed([{ deviceName: 'two' }]),
  ]);
  const { endCursor } = (await query(PAGE)).body.data.page.pageInfo;
  expect((await query(PAGE, { variables: { after: endCursor } })).body.data.page.nodes).toEqual([
    { deviceName: 'two' },
  ]);
  expect(sentToGraph(emulator)[1]).toBe(`?${sent}&$top=2&$select=deviceName`);
});

it('passes over empty pages that continue, and tells the client to go on when they do not end', async () => {
  const { query, emulator } = await startGateway();
  const next = (token: string) => `${emulator.graph.baseUrl}/RemoteHelpSessionRetrieveResponse?$skiptoken=${token}`;
  emulator.graph.respondWith([listed([], next('a')), listed([], next('b')), listed([{ deviceName: 'one' }])]);
  expect((await query(PAGE)).body.data.page).toEqual({
    nodes: [{ deviceName: 'one' }],
    pageInfo: { hasNextPage: false, startCursor: expect.any(String), endCursor: expect.any(String) },
  });
  expect(sentToGraph(emulator)).toHaveLength(3);

  emulator.graph.respondWith({ ...listed([], next('again')), times: 5 });
  const empty = (await query(PAGE)).body.data.page;
  expect(empty).toEqual({
    nodes: [],
    pageInfo: { hasNextPage: true, startCursor: null, endCursor: expect.any(String) },
  });
  expect(sentToGraph(emulator)).toHaveLength(8);
  emulator.graph.respondWith(listed([{ deviceName: 'two' }]));
  const last = (await query(PAGE, { variables: { after: empty.pageInfo.endCursor } })).body.data.page;
  expect(last.nodes).toEqual([{ deviceName: 'two' }]);
  expect(sentToGraph(emulator).at(-1)).toBe('?$skiptoken=again&$top=2&$select=deviceName');
});
