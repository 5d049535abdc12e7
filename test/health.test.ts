import { describe, expect, it, test } from 'vitest';
import { dropConnection, type Fault, forRequests, repeated, unavailable } from '../src/emulator/faults.ts';
import { startGateway } from './support/gateway.ts';

describe('health', () => {
  test.each(['/livez', '/readyz'])('%s is a small answer without causes, versions and a token', async (path) => {
    const { http, server, emulator } = await startGateway();
    await server.warmUp();
    await emulator.entra.stop();
    await emulator.graph.stop();
    const { status, headers, body } = await http(path);
    expect([status, body]).toEqual([200, { status: 'ok' }]);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-request-id': expect.any(String) });
    expect(headers.server).toBeUndefined();
  });

  it('says who is draining, and who is merely alive', async () => {
    const { http, server } = await startGateway();
    await server.warmUp();
    expect((await http('/readyz')).status).toBe(200);
    server.drain();
    expect(await http('/readyz')).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    expect(await http('/livez')).toMatchObject({ status: 200, headers: { connection: 'close' } });
  });
});

describe('readiness', () => {
  const outages: [name: string, fault: Fault, hint: RegExp][] = [
    ['an HTML page of a proxy', { status: 200, body: '<html>' }, /127\.0\.0\.1.*else than JSON.*HTTPS_PROXY/],
    ['503', unavailable(503), /not well.*503/],
    ['a document without keys', forRequests({ path: /keys$/ }, { status: 200, body: { keys: [] } }), /holds no keys/],
    ['a broken connection', dropConnection(), /could not be reached: ECONNRESET|UND_ERR_SOCKET/],
  ];

  it.each(outages)('waits for Entra’s documents: %s', async (_name, fault, hint) => {
    const { http, server, emulator, logs } = await startGateway();
    emulator.entra.respondWith(repeated(Number.POSITIVE_INFINITY, fault));
    await server.warmUp();
    expect(await http('/readyz')).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    expect((await http('/livez')).status).toBe(200);
    const told = logs().filter((line) => 'entra' in line);
    expect(told).toMatchObject([{ level: 40, hint: expect.stringMatching(hint) }]);
    emulator.entra.clearFaults();
    // It asks again by itself.
    await expect.poll(async () => (await http('/readyz')).status, { timeout: 5_000 }).toBe(200);
    expect(logs().filter((line) => 'entra' in line)).toHaveLength(2);
    emulator.entra.respondWith(repeated(Number.POSITIVE_INFINITY, fault));
    expect((await http('/readyz')).status).toBe(200);
  });

  it('says which setting names a tenant that is not there', async () => {
    const { http, server, logs } = await startGateway({ env: { AZURE_TENANT_ID: 'not-there.example' } });
    await server.warmUp();
    expect((await http('/readyz')).status).toBe(503);
    expect(logs().filter((line) => 'entra' in line)).toMatchObject([
      { hint: expect.stringMatching(/knows no such tenant.*AADSTS90002.*AZURE_TENANT_ID and AZURE_AUTHORITY_HOST/) },
    ]);
  });

  it('says which host is not there, once', async () => {
    const { server, logs } = await startGateway({ env: { AZURE_AUTHORITY_HOST: 'http://127.0.0.1:9' } });
    await server.warmUp();
    await server.warmUp();
    expect(logs().filter((line) => 'entra' in line)).toMatchObject([
      {
        hint: expect.stringMatching(/127\.0\.0\.1:9 could not be reached: ECONNREFUSED; look at AZURE_AUTHORITY_HOST/),
      },
    ]);
  });

  it('costs one document and its keys, however many callers come meanwhile', async () => {
    const { server, query, emulator } = await startGateway();
    const callers = Array.from({ length: 50 }, () => query('{ __typename }'));
    await Promise.all([server.warmUp(), server.warmUp(), ...callers]);
    expect(emulator.entra.requests.filter(({ method }) => method === 'GET')).toHaveLength(2);
  });
});

describe('the root', () => {
  it('leads to /graphql outside production', async () => {
    const { http } = await startGateway();
    expect(await http('/')).toMatchObject({ status: 302, headers: { location: '/graphql' } });
  });

  it('is nothing in production', async () => {
    const { http } = await startGateway({ env: { NODE_ENV: 'production' } });
    const { status, body } = await http('/');
    expect(status).toBe(404);
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  });
});
