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

it.each(['capacitor://localhost', 'ionic://localhost'])('lets the view of a hybrid app in: %s', async (origin) => {
  const { http } = await startGateway({ env: { NODE_ENV: 'production', CORS_ORIGINS: `${app},${origin}` } });
  expect(await http('/graphql', preflight(origin))).toMatchObject({
    status: 204,
    headers: { 'access-control-allow-origin': origin },
  });
  expect((await http('/graphql', preflight(`${origin}.evil`))).headers['access-control-allow-origin']).toBeUndefined();
});

describe('every answer', () => {
  const env = { NODE_ENV: 'production', CORS_ORIGINS: app, RATE_LIMIT_PER_MINUTE: '1' };
  const json = { 'content-type': 'application/json' };
  const post = (headers: Record<string, string>, body = '{"query":"{ __typename }"}') =>
    ['/graphql', { method: 'POST' as const, headers: { ...json, ...headers }, body }] as const;

  it('names the origin that may read it, and tells caches that it depends on the origin', async () => {
    const { http, emulator } = await startGateway({ env });
    const [ada, grace] = [{}, { oid: crypto.randomUUID() }].map((claims) => ({
      authorization: `Bearer ${emulator.entra.mintToken(claims)}`,
    }));
    const requests: readonly [number, Parameters<typeof http>][] = [
      [200, [...post({ ...ada })]],
      [429, [...post({ ...ada })]],
      [401, [...post({})]],
      [401, ['/graphql?query=%7B__typename%7D', {}]],
      [400, [...post({ ...grace }, '{')]],
      [405, ['/graphql', { method: 'DELETE' }]],
      [404, ['/nothing', {}]],
      [400, ['/%zz', {}]],
      [401, ['/schema.graphql', {}]],
      [200, ['/livez', {}]],
    ];
    for (const [expected, [path, init]] of requests) {
      for (const origin of [app, 'https://evil.example', undefined]) {
        if (origin !== app && expected === 429) continue;
        const headers = { ...(init?.headers as Record<string, string>), ...(origin !== undefined && { origin }) };
        const answer = await http(path, { ...init, headers });
        const told = `${path} for ${origin}`;
        if (origin === app) expect([told, answer.status]).toStrictEqual([told, expected]);
        expect([told, answer.headers.vary]).toStrictEqual([told, 'Origin']);
        expect([told, answer.headers['access-control-allow-origin']]).toStrictEqual([
          told,
          origin === app ? app : undefined,
        ]);
        expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
      }
    }
  });

  it('says nothing of origins where none is ever allowed', async () => {
    const { http } = await startGateway({ env: { NODE_ENV: 'production' } });
    const { headers } = await http(...post({ origin: app }));
    expect(Object.keys(headers).filter((name) => name === 'vary' || name.startsWith('access-control'))).toEqual([]);
  });
});

it('answers a preflight for any address, and gives no more headers than were asked for', async () => {
  const { http } = await startGateway({ env: { NODE_ENV: 'production', CORS_ORIGINS: app } });
  for (const path of ['/graphql', '/schema.graphql', '/nothing']) {
    const { status, headers } = await http(path, { method: 'OPTIONS', headers: { origin: app } });
    expect([path, status, headers['access-control-allow-origin']]).toStrictEqual([path, 204, app]);
    expect(headers['access-control-allow-headers']).toBeUndefined();
    expect(headers['content-length']).toBeUndefined();
  }
});
