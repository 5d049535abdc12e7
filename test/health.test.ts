import { describe, expect, it, test } from 'vitest';
import { startGateway } from './support/gateway.ts';

describe('health', () => {
  test.each(['/livez', '/readyz'])('%s is a small answer without causes, versions and a token', async (path) => {
    const { http, emulator } = await startGateway();
    await emulator.entra.stop();
    await emulator.graph.stop();
    const { status, headers, body } = await http(path);
    expect([status, body]).toEqual([200, { status: 'ok' }]);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-request-id': expect.any(String) });
    expect(headers.server).toBeUndefined();
  });

  it('says who is draining, and who is merely alive', async () => {
    const { http, server } = await startGateway();
    server.drain();
    expect(await http('/readyz')).toMatchObject({ status: 503, body: { status: 'unavailable' } });
    expect(await http('/livez')).toMatchObject({ status: 200, headers: { connection: 'close' } });
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
