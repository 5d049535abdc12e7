import { expect, it } from 'vitest';
import { graphError } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const PAGE = `query ($first: Int, $after: String) { page: remoteHelpSessionResponses(first: $first, after: $after) {
  edges { cursor node { deviceName } } nodes { deviceName }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
} }`;

interface Page {
  readonly edges: { readonly cursor: string; readonly node: { readonly deviceName: string } }[];
  readonly nodes: { readonly deviceName: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

async function read({ query }: TestGateway, variables: { first?: number; after?: string | null }): Promise<Page> {
  const { body } = await query(PAGE, { variables });
  expect(body.errors).toBeUndefined();
  return body.data.page;
}

/** A gateway whose Graph holds the sessions `d-0`, `d-1`, ... */
async function startWith(count: number): Promise<TestGateway> {
  const gateway = await startGateway();
  const { sessions } = gateway.emulator.graph;
  sessions.clear();
  for (let index = 0; index < count; index += 1) sessions.set(`s-${index}`, { deviceName: `d-${index}` });
  return gateway;
}

const names = (page: Page) => page.nodes.map(({ deviceName }) => deviceName);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `d-${from + index}`);

it('answers the first page with edges, nodes and all of pageInfo', async () => {
  const gateway = await startWith(3);
  const page = await read(gateway, { first: 2 });
  expect(page.nodes).toEqual([{ deviceName: 'd-0' }, { deviceName: 'd-1' }]);
  expect(page.edges).toEqual(page.nodes.map((node) => ({ node, cursor: expect.stringMatching(/^[\w-]+$/) })));
  expect(page.pageInfo).toEqual({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: page.edges[0]?.cursor,
    endCursor: page.edges[1]?.cursor,
  });
  expect(sentToGraph(gateway.emulator)).toEqual(['?$top=2&$select=deviceName']);
});

it('walks the whole list by endCursor, one GET for each page', async () => {
  const gateway = await startWith(7);
  const seen: string[] = [];
  const flags: boolean[][] = [];
  let after: string | null = null;
  do {
    const page = await read(gateway, { first: 3, after });
    seen.push(...names(page));
    flags.push([page.pageInfo.hasPreviousPage, page.pageInfo.hasNextPage]);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen).toEqual(range(0, 7));
  expect(flags).toEqual([
    [false, true],
    [true, true],
    [true, false],
  ]);
  const pages = sentToGraph(gateway.emulator);
  expect(pages).toHaveLength(3);
  for (const url of pages.slice(1)) expect(url).toMatch(/^\?\$skiptoken=[^&]+&\$top=3&\$select=deviceName$/);
});

it('continues behind any edge, in the middle of a page too, with any page size', async () => {
  const gateway = await startWith(9);
  gateway.emulator.graph.pageSize = 4;
  const first = await read(gateway, { first: 9 });
  expect(names(first)).toEqual(range(0, 4));
  for (const [index, { cursor }] of first.edges.entries()) {
    for (const size of [1, 3, 100]) {
      const [next] = names(await read(gateway, { first: size, after: cursor }));
      expect(next).toBe(`d-${index + 1}`);
    }
  }
  const second = await read(gateway, { first: 2, after: first.edges[0]?.cursor ?? null });
  expect(names(second)).toEqual(['d-1', 'd-2']);
  const third = await read(gateway, { first: 5, after: second.pageInfo.endCursor });
  expect(names(third)).toEqual(['d-3']);
  const fourth = await read(gateway, { first: 1, after: third.pageInfo.endCursor });
  expect(names(fourth)).toEqual(['d-4']);
  expect(sentToGraph(gateway.emulator).at(-1)).toContain('$top=1&');
});

it('reaches every session once from every edge', async () => {
  const gateway = await startWith(5);
  gateway.emulator.graph.pageSize = 2;
  const all = await read(gateway, { first: 2 });
  for (const [index, edge] of all.edges.entries()) {
    const seen: string[] = [];
    for (let after: string | null = edge.cursor; after !== null; ) {
      const page: Page = await read(gateway, { first: 2, after });
      seen.push(...names(page));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    }
    expect(seen).toEqual(range(index + 1, 5));
  }
});

it('answers an empty list, and the end of a list, without cursors', async () => {
  const gateway = await startWith(0);
  const nothing = { edges: [], nodes: [] };
  const end = { hasNextPage: false, startCursor: null, endCursor: null };
  expect(await read(gateway, {})).toEqual({ ...nothing, pageInfo: { ...end, hasPreviousPage: false } });
  gateway.emulator.graph.sessions.set('only', { deviceName: 'd-0' });
  const page = await read(gateway, {});
  expect(page.pageInfo.hasNextPage).toBe(false);
  const behind = await read(gateway, { after: page.pageInfo.endCursor });
  expect(behind).toEqual({ ...nothing, pageInfo: { ...end, hasPreviousPage: true } });
});

it.each([
  [undefined, 20],
  [1, 1],
  [100, 100],
])('asks Graph for first: %s as $top=%s', async (first, top) => {
  const gateway = await startWith(1);
  await read(gateway, first === undefined ? {} : { first });
  expect(sentToGraph(gateway.emulator)).toEqual([`?$top=${top}&$select=deviceName`]);
});

it.each([0, -1, 101])('refuses first: %i without asking Graph', async (first) => {
  const { query, emulator } = await startGateway();
  const { body } = await query(PAGE, { variables: { first } });
  expect(body.errors).toMatchObject([{ path: ['page'], extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(emulator.graph.requests).toEqual([]);
});

it.each([
  { idInList: false, ids: ['key-1', 'key-2'] },
  { idInList: true, ids: ['session-1', 'session-2'] },
])('names a listed session by its id ($idInList), else by its session key', async ({ idInList, ids }) => {
  const { query, emulator } = await startGateway();
  emulator.graph.idInList = idInList;
  // Graph documents no id: the two may differ there, so they differ here.
  for (const [id, session] of emulator.graph.sessions) session.sessionKey = id.replace('session', 'key');
  const { body } = await query('{ remoteHelpSessionResponses(first: 2) { nodes { id } } }');
  expect(body).toEqual({ data: { remoteHelpSessionResponses: { nodes: ids.map((id) => ({ id })) } } });
  expect(sentToGraph(emulator)).toEqual(['?$top=2&$select=sessionKey']);
});

it('makes an entry that is none the error of its place, and answers the others', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith({
    status: 200,
    body: { value: [{ deviceName: 'one' }, 'text', null, { deviceName: 7 }] },
  });
  const { body } = await query('{ remoteHelpSessionResponses { nodes { deviceName } } }');
  expect(body.data.remoteHelpSessionResponses.nodes).toEqual([{ deviceName: 'one' }, null, null, { deviceName: null }]);
  expect(body.errors.map(({ path }: { path: unknown[] }) => path.slice(2))).toEqual([[1], [2], [3, 'deviceName']]);
});

it('has an error where a listed session has neither id nor session key, and only where the id is selected', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith({ status: 200, times: 2, body: { value: [{ deviceName: 'one', sessionKey: '' }] } });
  const withoutId = await query('{ remoteHelpSessionResponses { nodes { deviceName } } }');
  expect(withoutId.body).toEqual({ data: { remoteHelpSessionResponses: { nodes: [{ deviceName: 'one' }] } } });
  const withId = await query('{ remoteHelpSessionResponses { nodes { id deviceName } } }');
  expect(withId.body.data.remoteHelpSessionResponses.nodes).toEqual([null]);
  expect(withId.body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
});

it.each([
  [{ status: 200, body: {} }, 'UPSTREAM_UNAVAILABLE'],
  [{ status: 200, body: { value: {} } }, 'UPSTREAM_UNAVAILABLE'],
  [graphError(403, 'Forbidden'), 'FORBIDDEN'],
  [graphError(404, 'ResourceNotFound'), 'INTERNAL_SERVER_ERROR'],
])('answers the list %j as %s', async (fault, code) => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith(fault);
  const { body } = await query(PAGE);
  expect(body.data).toEqual({ page: null });
  expect(body.errors).toMatchObject([{ path: ['page'], extensions: { code } }]);
});
