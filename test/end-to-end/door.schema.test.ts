import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const written = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
const path = '/schema.graphql';

it('is schema.graphql as it is written, to be asked for anew each time', async () => {
  const { http } = await startGateway();
  const { status, headers, body } = await http(path);
  expect([status, body]).toStrictEqual([200, written]);
  expect(headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-cache',
    etag: expect.stringMatching(/^"[\w-]{43}"$/),
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.any(String),
  });
});

it('is not sent to who has it already', async () => {
  const { http } = await startGateway();
  const etag = String((await http(path)).headers.etag);
  for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const answer = await http(path, { headers: { 'if-none-match': tags } });
    expect([answer.status, answer.body, answer.headers.etag]).toStrictEqual([304, '', etag]);
    expect(answer.headers['cache-control']).toBe('no-cache');
  }
  for (const tags of ['"other"', etag.slice(1, -1), '']) {
    expect((await http(path, { headers: { 'if-none-match': tags } })).body).toBe(written);
  }
});

it('answers HEAD like GET, without the text', async () => {
  const { http } = await startGateway();
  const [get, head] = [await http(path), await http(path, { method: 'HEAD' })];
  expect([head.status, head.body]).toStrictEqual([200, '']);
  for (const name of ['etag', 'content-type', 'content-length', 'cache-control']) {
    expect([name, head.headers[name]]).toStrictEqual([name, get.headers[name]]);
  }
});

it.each(['POST', 'PUT', 'DELETE'] as const)('takes no %s', async (method) => {
  const { http } = await startGateway();
  expect((await http(path, { method })).status).toBe(404);
});

it('may be read by pages of known origins', async () => {
  const { http } = await startGateway({ env: { CORS_ORIGINS: 'https://app.example.com' } });
  const { headers } = await http(path, { headers: { origin: 'https://app.example.com' } });
  expect(headers['access-control-allow-origin']).toBe('https://app.example.com');
});

it.each(['GET', 'HEAD'] as const)(
  'in production needs a good token, whatever If-None-Match says: %s',
  async (method) => {
    const { http, emulator } = await startGateway({ env: { NODE_ENV: 'production' } });
    const authorization = `Bearer ${emulator.entra.mintToken()}`;
    const good = await http(path, { method, headers: { authorization } });
    expect(good.status).toBe(200);
    const etag = String(good.headers.etag);
    const given: Record<string, string>[] = [{}, { authorization: 'Bearer a.b.c' }, { authorization: 'Basic YTpi' }];
    for (const token of given) {
      for (const condition of [{}, { 'if-none-match': etag }, { 'if-none-match': '*' }] as Record<string, string>[]) {
        const { status, headers, body } = await http(path, { method, headers: { ...token, ...condition } });
        expect(status).toBe(401);
        expect(headers['www-authenticate']).toMatch(/^Bearer/);
        expect(headers.etag).toBeUndefined();
        expect(JSON.stringify(body)).not.toContain('RemoteHelp');
      }
    }
    expect((await http(path, { method, headers: { authorization, 'if-none-match': etag } })).status).toBe(304);
  },
);
