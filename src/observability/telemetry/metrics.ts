import type { Meter, Observable } from '@opentelemetry/api';
import { exchangeFailureReason, exchangeFailureReasons } from './exchange-failure-reason.ts';
import { type FailureKind, failureKind } from './failure-kind.ts';
import type { CallEnd, OperationEnd, UpstreamCall } from './telemetry.ts';
import { type Watch, type WatchedMetric, watchedNumbers } from './watched-numbers.ts';

/** Numbers about operations and upstream calls. Every label is a word of a closed set; nothing a client sends is one. */
export interface Metrics {
  recordOperation(end: OperationEnd): void;
  recordCall(call: UpstreamCall, end: CallEnd, durationMs: number): void;
  recordExchangeFailure(failure: unknown): void;
  readonly watch: Watch;
}

/**
 * The buckets that OpenTelemetry advises for durations of HTTP requests, in seconds, and some beyond the budget of an
 * operation, which is 15 seconds unless it is set: what took the whole of it must not fall in with what took longer.
 */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 16, 20, 30, 60];

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

  const exchangeFailures = meter.createCounter('gateway.exchange.failures', {
    description: 'Token exchanges that failed for good, by reason',
  });
  // Shown from the start: what appears with its first failure seems never to have grown.
  for (const reason of exchangeFailureReasons) exchangeFailures.add(0, { reason });
  retries.add(0);
  const watchedMetrics = new Map<string, Observable>();

  function watchedMetric({ metric, kind, unit, description }: WatchedMetric): Observable {
    const known = watchedMetrics.get(metric);
    if (known !== undefined) return known;
    const options = { description, ...(unit !== undefined && { unit }) };
    const made =
      kind === 'gauge' ? meter.createObservableGauge(metric, options) : meter.createObservableCounter(metric, options);
    watchedMetrics.set(metric, made);
    return made;
  }

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
    recordExchangeFailure(failure) {
      exchangeFailures.add(1, { reason: exchangeFailureReason(failure) });
    },
    watch(number, read) {
      const watched: WatchedMetric = watchedNumbers[number];
      watchedMetric(watched).addCallback((result) => {
        const value = read();
        if (value !== undefined) result.observe(value, watched.labels);
      });
    },
  };
}

function operationType(type: string | undefined): 'query' | 'mutation' | 'unknown' {
  return type === 'query' || type === 'mutation' ? type : 'unknown';
}

/** 429 has a word of its own: it asks for less, and no other refusal does. */
type CallResult = '2xx' | '3xx' | '429' | '4xx' | '5xx' | FailureKind;

function callResult(end: CallEnd): CallResult {
  if ('failure' in end) return failureKind(end.failure);
  const { status } = end;
  if (status === 429) return '429';
  if (status >= 500) return '5xx';
  if (status >= 400) return '4xx';
  return status >= 300 ? '3xx' : '2xx';
}
