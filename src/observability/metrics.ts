import type { Meter } from '@opentelemetry/api';
import { type FailureKind, failureKind } from './failure-kind.ts';
import type { CallEnd, OperationEnd, UpstreamCall } from './telemetry.ts';

/** Numbers about operations and upstream calls. Every label is a word of a closed set; nothing a client sends is one. */
export interface Metrics {
  recordOperation(end: OperationEnd): void;
  recordCall(call: UpstreamCall, end: CallEnd, durationMs: number): void;
  watchWaiting(waiting: () => number): void;
}

/** The buckets that OpenTelemetry advises for durations of HTTP requests, in seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

export function createMetrics(meter: Meter): Metrics {
  const durations = { unit: 's', advice: { explicitBucketBoundaries: BUCKETS } };
  const operations = meter.createHistogram('gateway.operation.duration', {
    ...durations,
    description: 'Duration of GraphQL operations, by type and outcome code',
  });
  const calls = meter.createHistogram('gateway.upstream.duration', {
    ...durations,
    description: 'Duration of single attempts at Microsoft Graph and Entra ID, by what became of them',
  });
  const waits = meter.createHistogram('gateway.operation.wait', {
    ...durations,
    description: 'Time that operations lost to backoff, throttling and the queue to Graph, of those that lost any',
  });
  const retries = meter.createCounter('gateway.retries', { description: 'Attempts made again' });
  const lookups = meter.createCounter('gateway.token_cache.lookups', {
    description: 'Lookups of Graph tokens, by whether one was at hand',
  });

  return {
    recordOperation({ record, code, durationMs }) {
      const { retries: repeated, waitTime, tokenCacheHits, tokenCacheMisses } = record;
      operations.record(durationMs / 1000, { type: operationType(record.operationType), code });
      if (waitTime.elapsedMs() > 0) waits.record(waitTime.elapsedMs() / 1000);
      if (repeated > 0) retries.add(repeated);
      if (tokenCacheHits > 0) lookups.add(tokenCacheHits, { result: 'hit' });
      if (tokenCacheMisses > 0) lookups.add(tokenCacheMisses, { result: 'miss' });
    },
    recordCall({ upstream, method }, end, durationMs) {
      calls.record(durationMs / 1000, { upstream, method, result: callResult(end) });
    },
    watchWaiting(waiting) {
      meter
        .createObservableGauge('gateway.turnstile.waiting', { description: 'Calls that wait for their turn to Graph' })
        .addCallback((result) => result.observe(waiting()));
    },
  };
}

function operationType(type: string | undefined): 'query' | 'mutation' | 'unknown' {
  return type === 'query' || type === 'mutation' ? type : 'unknown';
}

type CallResult = '2xx' | '3xx' | '4xx' | '5xx' | FailureKind;

function callResult(end: CallEnd): CallResult {
  if ('failure' in end) return failureKind(end.failure);
  const { status } = end;
  if (status >= 500) return '5xx';
  if (status >= 400) return '4xx';
  return status >= 300 ? '3xx' : '2xx';
}
