import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const production = { NODE_ENV: 'production' };
const json = { 'content-type': 'application/json' };

describe('in production, without a token', () => {
  it.each<[string, Parameters<Awaited<ReturnType<typeof startGateway>>['http']>]>([
    ['a query', ['/graphql', { method: 'POST', headers: json, body: '{"query":"{ __typename }"}' }]],
    ['malformed JSON', ['/graphql', { method: 'POST', headers: json, body: '{"query":' }]],
    ['a body that is too large', ['/graphql', { method: 'POST', headers: json, body: ' '.repeat(300 * 1024) }]],
    ['another media type', ['/graphql', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }]],
    ['a query in the address', ['/graphql?query=%7B__typename%7D', { headers: { 'apollo-require-preflight': '1' } }]],
    ['a forged query in the address', ['/graphql?query=%7B__typename%7D', {}]],
    ['a persisted query', ['/graphql?extensions=%7B%22persistedQuery%22%3A%7B%7D%7D', {}]],
    ['a wish for the explorer', ['/graphql', { headers: { accept: 'text/html' } }]],
    ['nothing', ['/graphql', { method: 'POST' }]],
  ])('answers 401 to %s before it is looked at', async (_name, request) => {
    const { http } = await startGateway({ env: production });
    const { status, headers, body } = await http(...request);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('does not wait for a body', async () => {
    const { http } = await startGateway({ env: production });
    const never = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('{"query":')) });
    const answer = await http('/graphql', { method: 'POST', headers: json, body: never as never }).catch(
      () => undefined,
    );
    expect(answer === undefined || answer.status === 401).toBe(true);
  });
});

describe('in production, with a token', () => {
  it.each([
    ['__schema', '{ __schema { types { name } } }'],
    ['__type', '{ __type(name: "Query") { fields { name } } }'],
    ['a fragment', '{ ...F } fragment F on Query { __schema { queryType { name } } }'],
  ])('has no introspection by %s', async (_name, document) => {
    const { query } = await startGateway({ env: production });
    const { status, body } = await query(document);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(body.data).toBeUndefined();
  });

  it('answers __typename', async () => {
    const { query } = await startGateway({ env: production });
    expect(await query('{ __typename }')).toMatchObject({ status: 200, body: { data: { __typename: 'Query' } } });
  });

  it('does not help to guess the schema', async () => {
    const { query } = await startGateway({ env: production });
    const { body } = await query('{ remoteHelpSessionRespons(id: "1") { deviceNam } }');
    expect(JSON.stringify(body)).not.toMatch(/did you mean/i);
  });

  it('has no explorer and no way from /', async () => {
    const { http, emulator } = await startGateway({ env: production });
    const authorization = `Bearer ${emulator.entra.mintToken()}`;
    const page = await http('/graphql', { headers: { accept: 'text/html', authorization } });
    expect(page.status).not.toBe(200);
    expect(JSON.stringify(page.body)).not.toContain('<html');
    for (const path of ['/', '/readme', '/sign-in', '/sign-in/callback?code=c&state=s', '/explorer/a/explorer.js']) {
      expect((await http(path, { headers: { authorization } })).status, path).toBe(404);
    }
  });
});

describe('outside production', () => {
  it('answers introspection without a token, and a read with one only', async () => {
    const { query } = await startGateway();
    expect((await query('{ __schema { queryType { name } } __typename }', { token: null })).status).toBe(200);
    const read = await query('{ remoteHelpSessionResponse(id: "session-1") { id } }', { token: null });
    expect(read).toMatchObject({ status: 401, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
    expect(read.headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    ['beside introspection', '{ __typename remoteHelpSessionResponse(id: "session-1") { id } }'],
    ['in a fragment', '{ __typename ...F } fragment F on Query { remoteHelpSessionResponse(id: "session-1") { id } }'],
    ['in an inline fragment', '{ ... { remoteHelpSessionResponse(id: "session-1") { id } } }'],
    ['under an alias', '{ __typename: remoteHelpSessionResponse(id: "session-1") { id } }'],
    [
      'in a mutation',
      `mutation { __typename updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "x" }) {
      __typename } }`,
    ],
  ])('does not let a read pass without a token %s', async (_name, document) => {
    const { query, emulator } = await startGateway();
    expect((await query(document, { token: null })).status).not.toBe(200);
    expect(emulator.graph.requests).toEqual([]);
    expect(emulator.entra.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('leads from / to the explorer', async () => {
    const { http } = await startGateway();
    expect(await http('/')).toMatchObject({ status: 302, headers: { location: '/graphql' } });
  });
});
