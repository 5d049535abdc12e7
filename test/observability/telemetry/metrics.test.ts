import { describe, expect, it, vi } from 'vitest';
import { dropConnection, entraError, forRequests, hang, throttled } from '../../../src/emulator/faults.ts';
import { exchangeFailureReasons } from '../../../src/observability/telemetry/exchange-failure-reason.ts';
import { operationLine } from '../log/operation-line.ts';
import { startObservedGateway } from '../observed-gateway.ts';

const ONE = 'query One { remoteHelpSessionResponse(id: "session-1") { deviceName } }';
const UPDATE = `mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "Tablet" }) {
  remoteHelpSessionResponse { deviceName } } }`;

describe('metrics', () => {
  it('count operations by type and outcome, and calls by what became of them', async () => {
    const gateway = await startObservedGateway({ dependencies: { random: () => 0.02 } });
    const { query, emulator, receiver } = gateway;
    const token = await emulator.entra.mintToken();
    emulator.entra.respondWith([forRequests({ method: 'POST' }, entraError(65001, { suberror: 'consent_required' }))]);
    await query(ONE, { token: await emulator.entra.mintToken({ oid: 'somebody' }) });
    await query(ONE, { token });
    emulator.graph.respondWith([throttled(), forRequests({ method: 'GET' }, dropConnection())]);
    await query(ONE, { token });
    await query(UPDATE, { token });
    await query('{', { token });
    await operationLine(gateway, 5);
    await gateway.flush();

    expect(receiver.points('gateway.operation.duration').map(({ labels, count }) => ({ ...labels, count }))).toEqual(
      expect.arrayContaining([
        { type: 'query', code: 'OK', count: 2 },
        { type: 'mutation', code: 'OK', count: 1 },
        { type: 'query', code: 'INTERACTION_REQUIRED', count: 1 },
        { type: 'unknown', code: 'GRAPHQL_PARSE_FAILED', count: 1 },
      ]),
    );
    const calls = receiver.points('gateway.upstream.duration').map(({ labels, count }) => ({ ...labels, count }));
    expect(calls).toHaveLength(6);
    expect(calls).toEqual(
      expect.arrayContaining([
        { upstream: 'entra', method: 'POST', result: '4xx', count: 1 },
        { upstream: 'entra', method: 'POST', result: '2xx', count: 1 },
        { upstream: 'graph', method: 'GET', result: '2xx', count: 2 },
        { upstream: 'graph', method: 'GET', result: '429', count: 1 },
        { upstream: 'graph', method: 'GET', result: 'broken', count: 1 },
        { upstream: 'graph', method: 'PATCH', result: '2xx', count: 1 },
      ]),
    );
    expect(receiver.points('gateway.retries')).toMatchObject([{ labels: {}, value: 2 }]);
    expect(receiver.points('gateway.operation.wait')).toMatchObject([{ labels: {}, count: 1 }]);
    expect(receiver.points('gateway.token_cache.lookups')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ labels: { result: 'hit' }, value: 2 }),
        expect.objectContaining({ labels: { result: 'miss' }, value: 2 }),
      ]),
    );
  });

  it('tell an expired secret from a person who must act', async () => {
    const { query, emulator, receiver, flush } = await startObservedGateway();
    const fail = async (number: number, error = 'invalid_grant') => {
      emulator.entra.respondWith(forRequests({ method: 'POST' }, entraError(number, { error })));
      await query(ONE, { token: await emulator.entra.mintToken({ oid: crypto.randomUUID() }) });
    };
    await fail(50076);
    await fail(65001);
    await fail(53003);
    await fail(7000222, 'invalid_client');
    await flush();
    const points = receiver.points('gateway.exchange.failures');
    expect(points).toHaveLength(exchangeFailureReasons.length);
    expect(
      points
        .filter(({ value }) => value !== 0)
        .map(({ labels, value }) => [labels.reason, value])
        .sort(),
    ).toEqual([
      ['conditional_access', 1],
      ['consent_required', 1],
      ['mfa_required', 1],
      ['misconfigured', 1],
    ]);
  });

  it('show what rooms hold, and how the process does', async () => {
    const gateway = await startObservedGateway();
    const { query, emulator, receiver } = gateway;
    const token = await emulator.entra.mintToken();
    await query(ONE, { token });
    emulator.graph.respondWith(throttled(1000));
    await query(ONE, { token });
    await gateway.flush();
    const value = (name: string, labels = {}) =>
      receiver.points(name).find((point) => Object.entries(labels).every(([label, is]) => point.labels[label] === is))
        ?.value;
    for (const cache of ['verified_tokens', 'graph_tokens', 'documents']) {
      expect(value('gateway.cache.entries', { cache })).toBe(1);
      expect(value('gateway.cache.evictions', { cache })).toBe(0);
    }
    expect(value('gateway.turnstile.places')).toBe(256);
    expect(value('gateway.turnstile.inside')).toBe(0);
    expect(value('gateway.turnstile.held')).toBeGreaterThan(900);
    expect(value('gateway.keys.age')).toBeGreaterThanOrEqual(0);
    expect(value('gateway.keys.failures')).toBe(0);
    expect(value('gateway.event_loop.delay', { stat: 'max' })).toBeGreaterThanOrEqual(0);
    for (const kind of ['resident', 'heap_used', 'heap_limit']) {
      expect(value('gateway.memory', { kind })).toBeGreaterThan(10_000_000);
    }
  });

  it('tell an operation that took its whole budget from one that took longer', async () => {
    const gateway = await startObservedGateway();
    await gateway.query(ONE);
    await gateway.flush();
    const { bounds } = gateway.receiver.points('gateway.operation.duration')[0] ?? {};
    expect(bounds).toEqual(expect.arrayContaining([10, 15, 16, 30]));
  });

  it('show how many calls wait for their turn', async () => {
    const otel = { OTEL_METRIC_EXPORT_INTERVAL: '20' };
    const gateway = await startObservedGateway({ env: { GRAPH_MAX_CONCURRENCY: '1' }, otel });
    const { emulator, receiver } = gateway;
    emulator.graph.respondWith(hang());
    const hangUp = new AbortController();
    const options = {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await emulator.entra.mintToken()}` },
      body: JSON.stringify({ query: ONE }),
      signal: hangUp.signal,
    } as const;
    const answers = Promise.allSettled([1, 2, 3].map(() => gateway.http('/graphql', options)));
    const waiting = (count: number) =>
      vi.waitFor(() => expect(receiver.points('gateway.turnstile.waiting')).toMatchObject([{ value: count }]), 5000);
    await waiting(2);
    hangUp.abort();
    await answers;
    await waiting(0);
  });
});
