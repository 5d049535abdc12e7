import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const graphqlJson = 'application/graphql-response+json';
const read = '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }';

/** One of each kind of answer. */
const answers: Readonly<Record<string, (gateway: Awaited<ReturnType<typeof startGateway>>) => Promise<Answer>>> = {
  data: ({ query }) => query(read),
  'a refused document': ({ query }) => query('{ nothing }'),
  'no token': ({ query }) => query(read, { token: null }),
  'a malformed body': ({ http }) =>
    http('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }),
  'a body that is too large': ({ http }) =>
    http('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ' '.repeat(300_000) }),
  'an unknown address': ({ http }) => http('/nothing'),
  'an address that cannot be decoded': ({ http }) => http('/%zz'),
  'another method': ({ http }) => http('/graphql', { method: 'DELETE' }),
  liveness: ({ http }) => http('/livez'),
};
type Answer = Awaited<ReturnType<Awaited<ReturnType<typeof startGateway>>['query']>>;

it.each(Object.entries(answers))('keeps %s out of caches, frames and guesses, with its id', async (_name, ask) => {
  const { headers } = await ask(await startGateway());
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-request-id': expect.stringMatching(/^[\w-]{36}$/),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': expect.stringContaining('max-age=31536000'),
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  });
  expect(headers['x-powered-by']).toBeUndefined();
  expect(headers.server).toBeUndefined();
});

describe('x-request-id', () => {
  it.each(['abc', '0123456789abcdef', 'a.b:c_d-e', 'x'.repeat(128)])('is kept when it is valid: %s', async (id) => {
    const { query, logs } = await startGateway();
    const { headers } = await query('{ __typename }', { headers: { 'x-request-id': id } });
    expect(headers['x-request-id']).toBe(id);
    expect(logs().some(({ reqId }) => reqId === id)).toBe(true);
  });

  it.each(['', ' ', 'a b', 'x'.repeat(129), '<script>', 'a"b', 'a\tb', 'é'])(
    'is replaced when it is not: "%s"',
    async (id) => {
      const { query, logText } = await startGateway();
      const { headers } = await query('{ __typename }', { headers: { 'x-request-id': id } });
      expect(headers['x-request-id']).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
      if (id.trim() !== '') expect(logText()).not.toContain(`"${id}"`);
    },
  );
});

describe('the media type', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    [graphqlJson, graphqlJson],
    [`${graphqlJson}, application/json;q=0.9`, graphqlJson],
    [`application/json, ${graphqlJson};q=0.9`, 'application/json'],
    ['application/*', 'application/json'],
  ])('for Accept %s is %s', async (accept, expected) => {
    const { query } = await startGateway();
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    const { status, headers: answered } = await query('{ __typename }', { headers });
    expect(status).toBe(200);
    expect(answered['content-type']).toBe(`${expected}; charset=utf-8`);
  });

  it('is the one asked for in a refusal too', async () => {
    const { http, query } = await startGateway();
    const headers = { accept: graphqlJson };
    for (const answer of [
      await query('{ nothing }', { headers }),
      await query(read, { headers, token: 'a.b.c' }),
      await http('/nothing', { headers }),
    ]) {
      expect(answer.headers['content-type']).toBe(`${graphqlJson}; charset=utf-8`);
    }
  });

  it('that is not offered is refused in JSON', async () => {
    const { query } = await startGateway();
    const { status, body } = await query('{ __typename }', { headers: { accept: 'image/png' } });
    expect(status).toBe(406);
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  });
});
