import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startBudget } from '../../src/http/budget.ts';
import type { ProxySettings } from '../../src/http/connections.ts';
import { createTransport } from '../../src/http/transport.ts';
import { createSelfSignedCertificate } from '../emulator/self-signed-certificate.ts';
import { type ForwardProxy, startProxy } from '../support/proxy.ts';
import { httpAnswer, startRawServer } from '../support/raw-server.ts';

/** A server of https whose certificate this process trusts while the test runs. */
async function startSecureServer() {
  const { certificate: cert, privateKey: key } = createSelfSignedCertificate('localhost');
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, cert]);
  const server = createServer({ cert, key }, (_request, response) => {
    response.setHeader('content-type', 'application/json').end('{"secure":true}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    setDefaultCACertificates(trusted);
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

async function startPlainServer() {
  const server = await startRawServer((socket) => socket.write(httpAnswer('{"plain":true}')));
  return server.origin;
}

function through(proxies: Partial<ProxySettings>, requestTimeoutMs = 5_000) {
  const transport = createTransport({
    requestTimeoutMs,
    maxConnectionsPerOrigin: 4,
    proxies: { https: undefined, http: undefined, exceptions: undefined, ...proxies },
  });
  onTestFinished(() => transport.close());
  return async (origin: string, freshConnection = false) => {
    const budget = startBudget(5_000);
    try {
      const request = { method: 'GET', origin, path: '/x?y=1', headers: { authorization: 'Bearer secret' } } as const;
      return (await transport.send(request, { budget, freshConnection })).text;
    } finally {
      budget.close();
    }
  };
}

const hostOf = (origin: string) => new URL(origin).host;
const both = ({ url }: ForwardProxy) => ({ https: url, http: url });

describe('a proxy', () => {
  it('makes a tunnel to https, and sees nothing of what goes through it', async () => {
    const [origin, proxy] = [await startSecureServer(), await startProxy()];
    const get = through({ https: proxy.url });
    expect(await get(origin)).toBe('{"secure":true}');
    expect(proxy.seen).toEqual([`CONNECT ${hostOf(origin)}`]);
    // The tunnel is kept; a request that wants a connection of its own has its own tunnel.
    await new Promise(setImmediate);
    await get(origin);
    expect(proxy.seen).toHaveLength(1);
    await get(origin, true);
    expect(proxy.seen).toHaveLength(2);
  });

  it('passes on what goes to http', async () => {
    const [origin, proxy] = [await startPlainServer(), await startProxy()];
    expect(await through({ http: proxy.url })(origin)).toBe('{"plain":true}');
    expect(proxy.seen).toEqual([`GET ${origin}/x?y=1`]);
  });

  it('for http is none for https, and the other way round', async () => {
    const [secure, plain, proxy] = [await startSecureServer(), await startPlainServer(), await startProxy()];
    expect(await through({ http: proxy.url })(secure)).toBe('{"secure":true}');
    expect(await through({ https: proxy.url })(plain)).toBe('{"plain":true}');
    expect(proxy.seen).toEqual([]);
  });

  it.each([
    ['the name', ({ hostname }: URL) => hostname],
    ['name and port', ({ host }: URL) => `other.example, ${host}`],
    ['a wildcard', () => '*'],
  ])('is passed by for what NO_PROXY names by %s', async (_how, exceptions) => {
    const [secure, plain, proxy] = [await startSecureServer(), await startPlainServer(), await startProxy()];
    for (const origin of [secure, plain]) {
      await through({ ...both(proxy), exceptions: exceptions(new URL(origin)) })(origin);
    }
    expect(proxy.seen).toEqual([]);
    await through({ ...both(proxy), exceptions: 'host, other.localhost, localhost:1' })(secure);
    expect(proxy.seen).toHaveLength(1);
  });

  it('is given the user and the password that its address holds', async () => {
    const [secure, proxy] = [await startSecureServer(), await startProxy()];
    await through({ https: proxy.url.replace('http://', 'http://me:pass%40word@') })(secure);
    const credentials = Buffer.from('me:pass@word').toString('base64');
    expect(proxy.seen).toEqual([`CONNECT ${hostOf(secure)} Basic ${credentials}`]);
  });

  it.each([403, 407, 502])('that refuses with %i leaves Graph unreachable: nothing was sent', async (refuse) => {
    const [secure, proxy] = [await startSecureServer(), await startProxy({ refuse })];
    await expect(through({ https: proxy.url })(secure)).rejects.toMatchObject({ kind: 'unreachable', sent: false });
  });

  it('that takes a connection and never answers is given up long before the budget is', async () => {
    const secure = await startSecureServer();
    const silent = await startRawServer(() => {});
    const get = through({ https: silent.origin }, 900);
    await expect(get(secure)).rejects.toMatchObject({ kind: 'unreachable', sent: false });
    expect(silent.requests).toMatchObject([{ method: 'CONNECT' }]);
  });

  it('that is not there is refused: nothing was sent', async () => {
    const secure = await startSecureServer();
    const get = through({ https: 'http://127.0.0.1:1' });
    await expect(get(secure)).rejects.toMatchObject({ kind: 'refused', sent: false });
  });
});

it('without a setting nothing goes through a proxy, whatever the environment says', async () => {
  const [secure, plain, proxy] = [await startSecureServer(), await startPlainServer(), await startProxy()];
  const before = { ...process.env };
  onTestFinished(() => {
    process.env = before;
  });
  Object.assign(process.env, { HTTPS_PROXY: proxy.url, https_proxy: proxy.url, HTTP_PROXY: proxy.url });
  const get = through({});
  expect([await get(secure), await get(plain)]).toEqual(['{"secure":true}', '{"plain":true}']);
  expect(proxy.seen).toEqual([]);
});
