import { describe, expect, it } from 'vitest';
import { type GatewayOptions, startGateway } from '../support/gateway.ts';

const app = 'https://app.example.com';
const preflight = (origin: string) =>
  ({
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  }) as const;

describe.each<[string, GatewayOptions]>([
  ['in production', { env: { NODE_ENV: 'production', CORS_ORIGINS: `${app},https://other.example.com:8443` } }],
  ['outside production', { env: { CORS_ORIGINS: `${app},https://other.example.com:8443` } }],
])('%s', (_name, options) => {
  it.each([app, 'https://other.example.com:8443'])('answers the preflight of %s without a token', async (origin) => {
    const { http } = await startGateway(options);
    const { status, headers } = await http('/graphql', preflight(origin));
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-max-age': '600',
    });
    expect(headers.vary).toMatch(/\bOrigin\b/);
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });

  it.each([
    'https://app.example.com.evil.example',
    'https://evil-app.example.com',
    'http://app.example.com',
    'https://app.example.com:444',
    'https://sub.app.example.com',
    'https://APP.example.com',
    'null',
    'https://localhost',
    'https://studio.apollographql.com',
  ])('gives %s nothing', async (origin) => {
    const { http } = await startGateway(options);
    expect((await http('/graphql', preflight(origin))).headers['access-control-allow-origin']).toBeUndefined();
    const answer = await http('/graphql', { method: 'POST', headers: { origin } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    ['an answer', { 'content-type': 'application/json' }, '{"query":"{ __typename }"}'],
    ['a malformed body', { 'content-type': 'application/json' }, '{'],
    ['a body that is too large', { 'content-type': 'application/json' }, ' '.repeat(300 * 1024)],
    ['a token that is no good', { 'content-type': 'application/json', authorization: 'Bearer a.b.c' }, '{}'],
  ])('lets the app read the headers of %s', async (_case, given, body) => {
    const { http, emulator } = await startGateway(options);
    const headers = { origin: app, authorization: `Bearer ${emulator.entra.mintToken()}`, ...given };
    const answer = await http('/graphql', { method: 'POST', headers, body });
    expect(answer.headers['access-control-allow-origin']).toBe(app);
    const exposed = String(answer.headers['access-control-expose-headers']).toLowerCase().split(/, ?/);
    expect(exposed).toEqual(expect.arrayContaining(['www-authenticate', 'retry-after', 'x-request-id']));
  });
});

it('lets no origin in in production unless told', async () => {
  const { http } = await startGateway({ env: { NODE_ENV: 'production' } });
  for (const origin of ['http://localhost:3000', 'https://studio.apollographql.com', app]) {
    const { status, headers } = await http('/graphql', preflight(origin));
    expect(status).toBe(404);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

it.each([
  'http://localhost:3000',
  'http://127.0.0.1:5173',
  'https://localhost',
  'https://studio.apollographql.com',
  'https://sandbox.embed.apollographql.com',
])('lets %s in outside production', async (origin) => {
  const { http } = await startGateway();
  expect((await http('/graphql', preflight(origin))).headers['access-control-allow-origin']).toBe(origin);
});

it.each([
  'http://localhost.evil.example',
  'http://localhost:3000.evil.example',
  'http://127.0.0.1.evil.example',
  'null',
])('does not take %s for this machine', async (origin) => {
  const { http } = await startGateway();
  expect((await http('/graphql', preflight(origin))).headers['access-control-allow-origin']).toBeUndefined();
});
