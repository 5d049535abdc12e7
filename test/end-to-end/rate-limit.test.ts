import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const read = '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }';
const allowing = (count: number) => ({ env: { RATE_LIMIT_PER_MINUTE: String(count), NODE_ENV: 'production' } });

it('answers RATE_LIMITED, 429 and Retry-After to the request after the last, and sends nothing', async () => {
  const { query, emulator } = await startGateway(allowing(3));
  const token = emulator.entra.mintToken();
  for (let count = 0; count < 3; count += 1) expect((await query(read, { token })).status).toBe(200);
  const sent = emulator.graph.requests.length;
  const { status, headers, body } = await query(read, { token });
  expect(status).toBe(429);
  expect(body.data).toBeUndefined();
  const seconds = body.errors[0].extensions.retryAfterSeconds;
  expect(body.errors).toEqual([
    { message: expect.any(String), extensions: { code: 'RATE_LIMITED', retryAfterSeconds: seconds } },
  ]);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(headers['retry-after']).toBe(String(seconds));
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-request-id': expect.any(String) });
  expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
  expect(emulator.graph.requests).toHaveLength(sent);
});

it('counts a person, whatever token, app or address the requests come with', async () => {
  const { query, emulator } = await startGateway(allowing(2));
  const tokens = [
    emulator.entra.mintToken(),
    emulator.entra.mintToken({ azp: crypto.randomUUID() }),
    emulator.entra.mintToken({ ver: '1.0' }),
  ];
  const statuses: number[] = [];
  for (const [index, token] of tokens.entries()) {
    statuses.push((await query(read, { token, headers: { 'x-forwarded-for': `10.0.0.${index}` } })).status);
  }
  expect(statuses).toEqual([200, 200, 429]);
});

it('leaves other people behind the same address alone', async () => {
  const { query, emulator } = await startGateway(allowing(1));
  const people = Array.from({ length: 5 }, () => emulator.entra.mintToken({ oid: crypto.randomUUID() }));
  for (const token of people) expect((await query(read, { token })).status).toBe(200);
  for (const token of people) expect((await query(read, { token })).status).toBe(429);
});

it('does not count what comes without a good token', async () => {
  const { query, emulator } = await startGateway(allowing(1));
  const token = emulator.entra.mintToken();
  const forged = `${token.split('.').slice(0, 2).join('.')}.AAAA`;
  for (let count = 0; count < 5; count += 1) expect((await query(read, { token: forged })).status).toBe(401);
  expect((await query(read, { token })).status).toBe(200);
});

it('counts requests that are refused for another reason', async () => {
  const { query, emulator } = await startGateway(allowing(2));
  const token = emulator.entra.mintToken();
  expect((await query('{', { token })).status).toBe(400);
  expect((await query('{ nothing }', { token })).status).toBe(400);
  expect((await query(read, { token })).status).toBe(429);
});

it('limits before a body is read', async () => {
  const { http, query, emulator } = await startGateway(allowing(1));
  const token = emulator.entra.mintToken();
  await query(read, { token });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  expect((await http('/graphql', { method: 'POST', headers, body: '{' })).status).toBe(429);
});

it('is off with 0', async () => {
  const { query, emulator } = await startGateway(allowing(0));
  const token = emulator.entra.mintToken();
  const answers = await Promise.all(Array.from({ length: 30 }, () => query('{ __typename }', { token })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

it('does not count introspection without a token, outside production', async () => {
  const { query } = await startGateway({ env: { RATE_LIMIT_PER_MINUTE: '1' } });
  for (let count = 0; count < 3; count += 1) {
    expect((await query('{ __typename }', { token: null })).status).toBe(200);
  }
});
