import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { applied, delayed, forRequests, hang, repeated, throttled } from '../../src/emulator/faults.ts';
import { operations } from '../support/fault-table.ts';
import { type GatewayOptions, startGateway, type TestGateway } from '../support/gateway.ts';

/** Sends an operation over a connection of its own; `hangUp` breaks it. */
function ask({ url, emulator }: TestGateway, document: string, token = emulator.entra.mintToken()) {
  const request = httpRequest(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  request.on('error', () => {});
  request.end(JSON.stringify({ query: document }));
  return { hangUp: () => void request.destroy() };
}

const lines = (gateway: TestGateway, message: string) => gateway.logs().filter(({ msg }) => msg === message);
const logged = (gateway: TestGateway, message = 'operation') =>
  expect.poll(() => lines(gateway, message).length, { interval: 5 }).toBeGreaterThanOrEqual(1);
const sent = (gateway: TestGateway) => gateway.emulator.graph.requests.map(({ method }) => method);

/** The gateway goes on with other things; what it would still send for who has gone, it would send now. */
async function nothingMoreIsSent(gateway: TestGateway, before: readonly string[]) {
  await logged(gateway);
  gateway.emulator.graph.clearFaults();
  await gateway.query(operations.single, { token: await gateway.emulator.entra.mintToken() });
  expect(sent(gateway)).toStrictEqual([...before, 'GET']);
  expect(lines(gateway, 'operation')[0]).toMatchObject({ clientGone: true });
}

async function start(options: GatewayOptions = {}) {
  const gateway = await startGateway(options);
  return { gateway, graph: gateway.emulator.graph };
}

describe('a client that hangs up', () => {
  it.each(['single', 'batch', 'list'] as const)('ends its read, %s, and frees the place', async (operation) => {
    const { gateway, graph } = await start({ env: { GRAPH_MAX_CONCURRENCY: '1' } });
    graph.respondWith(hang());
    const { hangUp } = ask(gateway, operations[operation]);
    await expect.poll(() => graph.requests.length, { interval: 5 }).toBe(1);
    hangUp();
    await nothingMoreIsSent(gateway, sent(gateway));
  });

  it.each([
    ['a backoff', {}, 'single'],
    ['a backoff', {}, 'update'],
    ['the wait that Graph named', { seconds: 5 }, 'single'],
    ['the wait that Graph named', { seconds: 5 }, 'update'],
  ] as const)('ends %s, %o, %s', async (_what, { seconds }: { seconds?: number }, operation) => {
    const { gateway, graph } = await start({ dependencies: { random: () => 1 } });
    graph.respondWith({ ...throttled(seconds), times: 9 });
    const { hangUp } = ask(gateway, operations[operation]);
    await expect.poll(() => graph.requests.at(-1)?.status, { interval: 5 }).toBe(429);
    hangUp();
    await logged(gateway);
    expect(sent(gateway)).toHaveLength(1);
    if (operation === 'update') {
      await logged(gateway, 'update');
      expect(lines(gateway, 'update')[0]).toMatchObject({ audit: { outcome: 'NOT_APPLIED' } });
    }
  });

  it('leaves the queue, and an update that waited there was never sent', async () => {
    const { gateway, graph } = await start({ env: { GRAPH_MAX_CONCURRENCY: '1' } });
    await gateway.query(operations.single);
    graph.respondWith(delayed(150));
    const token = gateway.emulator.entra.mintToken();
    const first = gateway.query(operations.single, { token });
    await expect.poll(() => graph.requests.length, { interval: 5 }).toBe(2);
    const { hangUp } = ask(gateway, operations.update, token);
    // Until it stands in the queue; should it not yet, it is not sent all the more.
    await new Promise((resolve) => setTimeout(resolve, 30));
    hangUp();
    await logged(gateway, 'update');
    expect(lines(gateway, 'update')[0]).toMatchObject({ audit: { outcome: 'NOT_APPLIED' } });
    expect((await first).body.errors).toBeUndefined();
    expect(sent(gateway)).toStrictEqual(['GET', 'GET']);
  });

  it('ends its own wait for Entra only: who waits for the same exchange is served', async () => {
    const { gateway } = await start();
    const { entra, graph } = gateway.emulator;
    entra.respondWith(forRequests({ method: 'POST' }, delayed(100)));
    const token = entra.mintToken();
    const { hangUp } = ask(gateway, operations.single, token);
    await expect.poll(() => entra.requests.filter(({ method }) => method === 'POST').length, { interval: 5 }).toBe(1);
    const other = gateway.query(operations.single, { token });
    hangUp();
    expect((await other).body.errors).toBeUndefined();
    expect(graph.requests).toHaveLength(1);
    expect(entra.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('an update that was sent', () => {
  it('runs to its end although the client has gone, and is in the audit log', async () => {
    const { gateway, graph } = await start();
    graph.respondWith(forRequests({ method: 'PATCH' }, delayed(100)));
    const { hangUp } = ask(gateway, operations.update);
    await expect.poll(() => sent(gateway).length, { interval: 5 }).toBe(1);
    hangUp();
    await logged(gateway);
    expect(lines(gateway, 'update')).toHaveLength(0);
    await logged(gateway, 'update');
    expect(lines(gateway, 'update')[0]).toMatchObject({ audit: { outcome: 'APPLIED' } });
    expect(graph.sessions.get('session-1')?.deviceName).toBe('Sent');
  });

  it('is logged as UNKNOWN when Graph never says what became of it', async () => {
    const { gateway, graph } = await start({ env: { REQUEST_TIMEOUT_MS: '900' } });
    await gateway.query(operations.single);
    graph.respondWith(forRequests({ method: 'PATCH' }, repeated(9, applied(hang()))));
    const { hangUp } = ask(gateway, operations.update);
    await expect.poll(() => sent(gateway).length, { interval: 5 }).toBe(2);
    hangUp();
    await logged(gateway, 'update');
    expect(lines(gateway, 'update')[0]).toMatchObject({ audit: { outcome: 'UNKNOWN' } });
  });

  it('keeps the next ones of the same operation from being sent', async () => {
    const { gateway, graph } = await start();
    graph.respondWith(forRequests({ method: 'PATCH' }, delayed(100)));
    const field = (name: string, id: string) =>
      `${name}: updateRemoteHelpSessionResponse(id: "${id}", input: { deviceName: "x" }) { remoteHelpSessionResponse { deviceName } }`;
    const { hangUp } = ask(gateway, `mutation { ${field('a', 'session-1')} ${field('b', 'session-2')} }`);
    await expect.poll(() => sent(gateway).length, { interval: 5 }).toBe(1);
    hangUp();
    await expect.poll(() => lines(gateway, 'update').length, { interval: 5 }).toBe(2);
    expect(lines(gateway, 'update')).toMatchObject([
      { audit: { outcome: 'APPLIED' } },
      { audit: { outcome: 'NOT_APPLIED' } },
    ]);
    expect(sent(gateway)).toStrictEqual(['PATCH']);
  });

  it('is waited for when the gateway closes', async () => {
    const { gateway, graph } = await start();
    graph.respondWith(forRequests({ method: 'PATCH' }, delayed(100)));
    const { hangUp } = ask(gateway, operations.update);
    await expect.poll(() => sent(gateway).length, { interval: 5 }).toBe(1);
    hangUp();
    await logged(gateway);
    await gateway.server.app.close();
    expect(lines(gateway, 'update')).toMatchObject([{ audit: { outcome: 'APPLIED' } }]);
  });
});
