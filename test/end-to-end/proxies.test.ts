import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { startProxy } from '../support/proxy.ts';
import { updatedSession, updateSession } from '../support/update-session.ts';

it.each(['HTTP_PROXY', 'http_proxy'])('%s: every call to Entra and Graph goes through it', async (name) => {
  const proxy = await startProxy();
  const gateway = await startGateway({ env: { [name]: proxy.url } });
  const { entra, graph } = gateway.emulator;
  expect(updatedSession(await updateSession(gateway))).toMatchObject({ deviceName: 'Tablet' });
  const received = [...entra.requests, ...graph.requests];
  expect(received.length).toBeGreaterThan(3);
  expect(proxy.seen).toHaveLength(received.length);
  expect(proxy.seen).toContain(`PATCH ${graph.baseUrl}/RemoteHelpSessionRetrieveResponse/session-1`);
});

it('NO_PROXY: what it names is called without', async () => {
  const proxy = await startProxy();
  const gateway = await startGateway({ env: { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' } });
  expect(updatedSession(await updateSession(gateway))).toBeDefined();
  expect(proxy.seen).toEqual([]);
});

it('HTTPS_PROXY: http is called without', async () => {
  const proxy = await startProxy();
  const gateway = await startGateway({ env: { HTTPS_PROXY: proxy.url } });
  expect(updatedSession(await updateSession(gateway))).toBeDefined();
  expect(proxy.seen).toEqual([]);
});
