import { beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
let authorization: string;
beforeEach(async () => {
  gateway = await startGateway();
  authorization = `Bearer ${gateway.emulator.entra.mintToken()}`;
});

const json = 'application/json';
const post = (body: string | undefined, headers: Record<string, string> = { 'content-type': json }) =>
  gateway.http('/graphql', {
    method: 'POST',
    headers: { authorization, ...headers },
    ...(body !== undefined && { body }),
  });

/** What every refusal looks like. */
function expectRefusal(answer: Awaited<ReturnType<typeof post>>, status: number, code = 'BAD_REQUEST') {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.body).toEqual({
    errors: [expect.objectContaining({ message: expect.any(String), extensions: { code } })],
  });
  expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'x-request-id': expect.stringMatching(/./) });
}

describe('a body that is refused', () => {
  it.each([
    ['malformed', '{"query": "{ __typename }"'],
    ['empty', ''],
    ['a text', '"{ __typename }"'],
    ['a number', '7'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['an empty list', '[]'],
    ['a batch', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]'],
    ['a query that is no text', '{"query":7}'],
    ['an empty query', '{"query":""}'],
    ['variables in a text', '{"query":"{ __typename }","variables":"{}"}'],
    ['variables in a list', '{"query":"{ __typename }","variables":[]}'],
    ['extensions in a text', '{"query":"{ __typename }","extensions":"{}"}'],
    ['a name that is no text', '{"query":"{ __typename }","operationName":7}'],
    ['a poisoned prototype', '{"query":"{ __typename }","__proto__":{"a":1}}'],
  ])('%s', async (_name, body) => expectRefusal(await post(body), 400));

  it('no body at all', async () => expectRefusal(await post(undefined, {}), 400));

  it('one byte over 256 KiB', async () => {
    const query = (length: number) => `{"query":"{ __typename }"${' '.repeat(length - 26)}}`;
    expect((await post(query(256 * 1024))).status).toBe(200);
    const answer = await post(query(256 * 1024 + 1));
    expectRefusal(answer, 413);
    expect(answer.body.errors[0].message).toContain('256 KiB');
  });

  it('over 256 KiB in chunks, whose length nobody said', async () => {
    const body = new Blob([' '.repeat(300 * 1024)]).stream();
    const headers = { authorization, 'content-type': json };
    expectRefusal(await gateway.http('/graphql', { method: 'POST', headers, body: body as never }), 413);
  });

  it.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/graphql',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json/x',
    'text/json',
    'application/json, text/plain',
    'nonsense',
    '',
  ])('of the media type "%s"', async (type) => {
    expectRefusal(await post('{"query":"{ __typename }"}', { 'content-type': type }), 415);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON'])('but not %s', async (type) => {
    expect((await post('{"query":"{ __typename }"}', { 'content-type': type })).status).toBe(200);
  });

  it('quotes nothing of it', async () => {
    for (const body of ['{"query": canary-value', '"canary-value"', '{"variables":"canary-value","query":"{a}"}']) {
      const answer = await post(body);
      expect(JSON.stringify(answer.body)).not.toContain('canary');
      expect(gateway.logText()).not.toContain('canary');
    }
  });
});

describe('an address', () => {
  it.each(['/nothing', '/graphql/', '/graphql/x', '/GRAPHQL', '/.env', '/%2e%2e/etc/passwd', '/%zz', '/metrics'])(
    'that is not there: %s',
    async (path) => {
      const answer = await gateway.http(path);
      expect([400, 404]).toContain(answer.status);
      expectRefusal(answer, answer.status);
    },
  );

  it('that is not there is not read for its body', async () => {
    const answer = await gateway.http('/nothing', { method: 'POST', headers: { 'content-type': json }, body: '{"a":' });
    expectRefusal(answer, 404);
  });

  it.each(['PUT', 'PATCH', 'DELETE'] as const)('takes no %s, and does not read its body', async (method) => {
    const answer = await gateway.http('/graphql', { method, headers: { 'content-type': json }, body: '{"a":' });
    expectRefusal(answer, 405);
    expect(answer.headers.allow).toBe('GET, POST');
  });

  it('takes no HEAD', async () => {
    expect((await fetch(`${gateway.url}/graphql`, { method: 'HEAD' })).status).toBe(405);
  });

  it('answers a method that HTTP does not know', async () => {
    const answer = await gateway.http('/graphql', { method: 'TRACE' as never }).catch(() => ({ status: 400 }));
    expect([400, 404, 405]).toContain(answer.status);
  });
});

describe('GET', () => {
  const get = (query: string, headers: Record<string, string> = {}) =>
    gateway.http(`/graphql?query=${encodeURIComponent(query)}`, { headers });

  it.each([
    ['nothing but cookies', { cookie: 'session=1' }],
    ['a media type of forms', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a media type of texts', { 'content-type': 'text/plain' }],
    ['an empty proof', { 'apollo-require-preflight': '' }],
  ])('is refused with %s: a page of another origin can send it', async (_name, headers) => {
    expectRefusal(await get('{ __typename }', headers), 400);
  });

  it.each(['apollo-require-preflight', 'x-apollo-operation-name'])('is taken with %s', async (name) => {
    expect((await get('{ __typename }', { [name]: 'x' })).status).toBe(200);
  });

  it('is taken with a token', async () => {
    const answer = await get('{ remoteHelpSessionResponse(id: "session-1") { deviceName } }', { authorization });
    expect(answer).toMatchObject({ status: 200, body: { data: { remoteHelpSessionResponse: {} } } });
  });

  it('never updates', async () => {
    const update =
      'mutation { updateRemoteHelpSessionResponse(id: "session-1", input: {deviceName: "x"}) { __typename } }';
    const answer = await get(update, { authorization });
    expectRefusal(answer, 405);
    expect(answer.headers.allow).toBe('POST');
    expect(gateway.emulator.graph.requests).toEqual([]);
  });

  it('with variables that are no JSON is refused', async () => {
    const answer = await gateway.http('/graphql?query=%7B__typename%7D&variables=%7Bcanary', {
      headers: { authorization },
    });
    expectRefusal(answer, 400);
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  });

  it('with a query twice is refused', async () => {
    const address = '/graphql?query=%7B__typename%7D&query=%7B__typename%7D';
    expectRefusal(await gateway.http(address, { headers: { authorization } }), 400);
  });
});
