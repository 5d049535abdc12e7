import { connect } from 'node:net';
import { Agent, request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { applied, delayed, forRequests, hang, repeated } from '../../src/emulator/faults.ts';
import { operations } from '../support/fault-table.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { startRollingProxy } from '../support/rolling-proxy.ts';

async function scene() {
  const emulator = await startEmulator();
  const agent = new Agent({ connections: 16 });
  onTestFinished(async () => {
    await agent.destroy();
    await emulator.close();
  });
  return { emulator, agent, start: (env = {}) => startGatewayProcess({ ...emulator.env, LOG_LEVEL: 'info', ...env }) };
}

async function ask(
  agent: Agent,
  url: string,
  emulator: Emulator,
  document: string,
  token = emulator.entra.mintToken(),
) {
  const { statusCode, headers, body } = await request(`${url}/graphql`, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: document }),
  });
  const text = await body.text();
  return { status: statusCode, headers, body: JSON.parse(text || '{}') as { data?: unknown; errors?: unknown } };
}

describe('SIGTERM', () => {
  it('is followed by a drain in which kept connections are served, told to close, and idle ones closed', async () => {
    const { emulator, agent, start } = await scene();
    const gateway = start({ SHUTDOWN_DRAIN_MS: '400' });
    const url = await gateway.url();
    const { port, hostname } = new URL(url);
    const idle = connect(Number(port), hostname);
    idle.on('error', () => {});
    const closed = new Promise((resolve) => idle.once('close', resolve));
    idle.write('GET /livez HTTP/1.1\r\nHost: gateway\r\n\r\n');
    await new Promise((resolve) => idle.once('data', resolve));
    expect((await ask(agent, url, emulator, operations.single)).headers.connection).not.toBe('close');
    gateway.child.kill('SIGTERM');
    await expect
      .poll(async () => (await ask(agent, url, emulator, operations.update)).headers.connection, { interval: 5 })
      .toBe('close');
    await closed;
    expect(await gateway.ended).toStrictEqual({ code: 0, signal: null });
  });

  it('waits for an update whose client has gone, so that its audit line is written', async () => {
    const { emulator, agent, start } = await scene();
    emulator.graph.respondWith(forRequests({ method: 'PATCH' }, delayed(300)));
    const gateway = start({ SHUTDOWN_DRAIN_MS: '0' });
    const url = await gateway.url();
    const answer = ask(agent, url, emulator, operations.update).catch(() => 'gone');
    await expect.poll(() => emulator.graph.requests.length, { interval: 5 }).toBe(1);
    await agent.destroy();
    expect(await answer).toBe('gone');
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toStrictEqual({ code: 0, signal: null });
    expect(gateway.stdout()).toMatch(/"audit":\{.*"outcome":"APPLIED"/);
  });

  it('ends within a limit, whatever Graph does: an update without an answer gets its own', async () => {
    const { emulator, agent, start } = await scene();
    const gateway = start({ SHUTDOWN_DRAIN_MS: '0', REQUEST_TIMEOUT_MS: '1500' });
    const url = await gateway.url();
    await ask(agent, url, emulator, operations.single);
    emulator.graph.respondWith(repeated(9, applied(hang())));
    const answer = ask(agent, url, emulator, operations.update);
    await expect.poll(() => emulator.graph.requests.length, { interval: 5 }).toBe(2);
    gateway.child.kill('SIGTERM');
    expect((await answer).body.errors).toMatchObject([{ extensions: { outcome: 'UNKNOWN' } }]);
    expect(await gateway.ended).toStrictEqual({ code: 0, signal: null });
  });
});

it('a rolling swap behind a balancer, under load, loses nothing', async () => {
  const { emulator, agent, start } = await scene();
  emulator.graph.respondWith(repeated(Number.POSITIVE_INFINITY, delayed(15)));
  const proxy = await startRollingProxy();
  const gatewayEnv = { SHUTDOWN_DRAIN_MS: '400', RATE_LIMIT_PER_MINUTE: '0', LOG_LEVEL: 'silent' };
  const launch = async () => {
    const gateway = start(gatewayEnv);
    await proxy.add(await gateway.url());
    return gateway;
  };
  const [first, second] = await Promise.all([launch(), launch()]);

  let loading = true;
  let answered = 0;
  const failures: unknown[] = [];
  const load = Array.from({ length: 8 }, async (_, index) => {
    const token = emulator.entra.mintToken();
    const document = [operations.single, operations.update, operations.batch][index % 3] ?? operations.single;
    while (loading) {
      const { status, body } = await ask(agent, proxy.url, emulator, document, token);
      answered += 1;
      if (status !== 200 || body.errors !== undefined) failures.push([status, body.errors]);
    }
  });
  await expect.poll(() => answered, { timeout: 20_000 }).toBeGreaterThan(50);
  for (const old of [first, second]) {
    await launch();
    const before = answered;
    old.child.kill('SIGTERM');
    expect(await old.ended).toStrictEqual({ code: 0, signal: null });
    await expect.poll(() => answered, { timeout: 20_000 }).toBeGreaterThan(before + 50);
  }
  loading = false;
  await Promise.all(load);
  expect(failures).toStrictEqual([]);
  expect(proxy.lost).toStrictEqual([]);
  expect(proxy.served.size).toBe(4);
}, 60_000);
