import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { delayed, forRequests, hang, repeated } from '../../src/emulator/faults.ts';
import { operations } from '../support/fault-table.ts';
import { startGateway } from '../support/gateway.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';

const forEver = Number.POSITIVE_INFINITY;
/** As many calls as may wait for one place to Graph. */
const QUEUE = 64;
/** As many as a gateway with one place to Graph takes in. */
const INSIDE = 256;
const other = { oid: '00000000-0000-4000-8000-000000000002' };

describe('a full queue to Graph', () => {
  it('sheds with 503 and Retry-After, changes nothing, and stays open to other callers', async () => {
    const gateway = await startGateway({ env: { GRAPH_MAX_CONCURRENCY: '1' } });
    const { entra, graph } = gateway.emulator;
    await gateway.server.warmUp();
    const [token, otherToken] = [entra.mintToken(), entra.mintToken(other)];
    for (const each of [token, otherToken]) await gateway.query(operations.single, { token: each });
    graph.clear();
    graph.respondWith(hang());
    const blocking = gateway.query(operations.single, { token });
    await expect.poll(() => graph.requests.length, { interval: 1 }).toBe(1);
    let waitingAnswered = 0;
    const waiting = Array.from({ length: QUEUE - 1 }, () =>
      gateway.query(operations.single, { token }).then(() => (waitingAnswered += 1)),
    );
    await gateway.query('{ __typename }');
    const last = gateway.query(operations.update, { token });
    await gateway.query('{ __typename }');
    const shed = await gateway.query(operations.update, { token });
    expect([shed.status, shed.headers['retry-after']]).toStrictEqual([503, '1']);
    expect(shed.body.errors[0].extensions).toStrictEqual({
      code: 'OVERLOADED',
      outcome: 'NOT_APPLIED',
      retryAfterSeconds: 1,
    });
    // Another caller's request takes the place of the busy one's newest.
    const others = gateway.query(operations.single, { token: otherToken });
    expect((await last).body.errors[0].extensions).toMatchObject({ code: 'OVERLOADED', outcome: 'NOT_APPLIED' });
    expect([waitingAnswered, graph.requests.length]).toStrictEqual([0, 1]);
    expect((await gateway.http('/readyz')).status).toBe(200);
    graph.clear();
    await gateway.emulator.graph.stop();
    await gateway.emulator.graph.start();
    for (const answer of [blocking, others]) expect((await answer).body.errors).toBeUndefined();
    await Promise.all(waiting);
  });
});

describe('a full house', () => {
  it('sheds at the door, answers health, and takes requests again when there is room', async () => {
    const gateway = await startGateway({ env: { GRAPH_MAX_CONCURRENCY: '1', RATE_LIMIT_PER_MINUTE: '0' } });
    const { entra, graph } = gateway.emulator;
    await gateway.server.warmUp();
    entra.respondWith(repeated(forEver, forRequests({ method: 'POST' }, hang())));
    // Each has a token of its own to be exchanged, so each of them waits for Entra and none of them for Graph.
    const inside = Array.from({ length: INSIDE }, () => gateway.query(operations.single).catch(() => undefined));
    await expect.poll(async () => (await gateway.query(operations.update)).status, { timeout: 10_000 }).toBe(503);
    const shed = await gateway.query(operations.update);
    expect(shed.headers['retry-after']).toBe('1');
    expect(shed.body).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }] });
    for (const path of ['/livez', '/readyz']) expect((await gateway.http(path)).status).toBe(200);
    entra.clearFaults();
    await entra.stop();
    await entra.start();
    await Promise.all(inside);
    expect((await gateway.query(operations.single)).body.errors).toBeUndefined();
    expect(graph.requests.length).toBeGreaterThan(0);
  });
});

describe('ten times the capacity', () => {
  // Small numbers: what is measured is the gateway, not the machine that the test shares with others.
  const PLACES = 2;
  const GRAPH_MS = 50;
  const PEAK_PER_SECOND = (PLACES * 1000) / GRAPH_MS;

  // Again where the machine itself stood still: what it shows of the gateway, it shows every time.
  it('leaves goodput where it was, health quick and memory bounded', { timeout: 60_000, retry: 2 }, async () => {
    const emulator = await startEmulator();
    const gateway = startGatewayProcess({
      ...emulator.env,
      GRAPH_MAX_CONCURRENCY: String(PLACES),
      RATE_LIMIT_PER_MINUTE: '0',
      REQUEST_TIMEOUT_MS: '20000',
      LOG_LEVEL: 'silent',
    });
    const url = await gateway.url();
    const agent = new Agent({ connections: 512 });
    onTestFinished(async () => {
      await agent.destroy();
      await emulator.close();
    });
    const tokens = Array.from({ length: 20 }, (_, index) =>
      emulator.entra.mintToken({ oid: `00000000-0000-4000-8000-0000000000${10 + index}` }),
    );
    const counts = new Map<string, number>();
    const ask = async (turn: number) => {
      const { statusCode, headers, body } = await request(`${url}/graphql`, {
        dispatcher: agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[turn % tokens.length]}` },
        body: JSON.stringify({ query: operations.single }),
      });
      const text = await body.text();
      const code = /"code":"(\w+)"/.exec(text)?.[1] ?? 'ok';
      const answer = `${statusCode} ${code}${headers['retry-after'] === undefined ? '' : ' later'}`;
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    };
    for (let turn = 0; turn < tokens.length; turn += 1) await ask(turn);
    emulator.graph.respondWith(repeated(forEver, delayed(GRAPH_MS)));

    const goodputOf = async (seconds: number, perSecond: number) => {
      const before = counts.get('200 ok') ?? 0;
      const began = performance.now();
      const running: Promise<void>[] = [];
      for (let sent = 0; sent < perSecond * seconds; ) {
        const due = ((performance.now() - began) * perSecond) / 1000;
        for (; sent < Math.min(due, perSecond * seconds); sent += 1) running.push(ask(sent));
        await sleep(2);
      }
      await Promise.all(running);
      return (((counts.get('200 ok') ?? 0) - before) * 1000) / (performance.now() - began);
    };
    const peak = await goodputOf(1.5, PEAK_PER_SECOND);
    const residentBefore = residentMiB(gateway.child.pid);
    const [goodput, healthy] = await Promise.all([
      goodputOf(3, PEAK_PER_SECOND * 10),
      Promise.all(Array.from({ length: 10 }, (_, index) => healthOf(url, agent, index * 250))),
    ]);
    expect(Object.keys(Object.fromEntries(counts)).sort()).toStrictEqual(['200 ok', '503 OVERLOADED later']);
    expect(counts.get('503 OVERLOADED later')).toBeGreaterThan(PEAK_PER_SECOND);
    expect(goodput).toBeGreaterThan(peak * 0.9);
    expect(healthy).toStrictEqual(healthy.map(() => 'quick'));
    expect(residentMiB(gateway.child.pid) - residentBefore).toBeLessThan(300);
  });
});

async function healthOf(url: string, agent: Agent, after: number): Promise<string> {
  await sleep(after);
  const slow = sleep(2_000, 'slow', { ref: false });
  const answer = request(`${url}/livez`, { dispatcher: agent }).then(async ({ statusCode, body }) => {
    await body.dump();
    return statusCode === 200 ? 'quick' : String(statusCode);
  });
  return Promise.race([answer, slow]);
}

/** 0 where the system does not tell. */
function residentMiB(pid: number | undefined): number {
  try {
    const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}
