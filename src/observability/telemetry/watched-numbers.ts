/**
 * Numbers that rooms hold and metrics show. A room names one and says how to read it; it is read whenever metrics are
 * collected, and never where none are. Where there is nothing to tell yet it is undefined, and not shown.
 */
export type Watch = (number: WatchedNumber, read: () => number | undefined) => void;

export type WatchedNumber = keyof typeof watchedNumbers;

/** A metric that is read from a number: a gauge goes up and down, a counter only grows. */
export interface WatchedMetric {
  readonly metric: string;
  readonly kind: 'gauge' | 'counter';
  readonly unit?: string;
  readonly description: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const entries = (cache: string): WatchedMetric => ({
  metric: 'gateway.cache.entries',
  kind: 'gauge',
  description: 'Entries of the caches that callers fill',
  labels: { cache },
});
const evictions = (cache: string): WatchedMetric => ({
  metric: 'gateway.cache.evictions',
  kind: 'counter',
  description: 'Entries that had to go although they were still good, because a cache was full',
  labels: { cache },
});
const eventLoopDelay = (stat: string): WatchedMetric => ({
  metric: 'gateway.event_loop.delay',
  kind: 'gauge',
  unit: 's',
  description: 'How late the event loop was since metrics were last collected',
  labels: { stat },
});
const memory = (kind: string): WatchedMetric => ({
  metric: 'gateway.memory',
  kind: 'gauge',
  unit: 'By',
  description: 'Memory of the process: all that is resident, the heap in use, the most that the heap may be',
  labels: { kind },
});
const drift = (kind: string): WatchedMetric => ({
  metric: 'gateway.graph.drift',
  kind: 'counter',
  description: "Differences of Microsoft Graph's objects from what the gateway knows of their type",
  labels: { kind },
});
const linesLost = (kind: string): WatchedMetric => ({
  metric: 'gateway.log.lines_lost',
  kind: 'counter',
  description: 'Log lines that could not be written',
  labels: { kind },
});

/** All of them. Names and labels are public: docs/operating.md lists them. */
export const watchedNumbers = {
  'turnstile.waiting': {
    metric: 'gateway.turnstile.waiting',
    kind: 'gauge',
    description: 'Calls that wait for their turn to Graph',
  },
  'turnstile.inside': {
    metric: 'gateway.turnstile.inside',
    kind: 'gauge',
    description: 'Calls that are with Graph: places in use',
  },
  'turnstile.places': {
    metric: 'gateway.turnstile.places',
    kind: 'gauge',
    description: 'Calls that may be with Graph at a time',
  },
  'turnstile.held': {
    metric: 'gateway.turnstile.held',
    kind: 'gauge',
    unit: 's',
    description: 'Seconds until calls go to Graph again, because it throttles',
  },
  'verified_tokens.entries': entries('verified_tokens'),
  'verified_tokens.evictions': evictions('verified_tokens'),
  'graph_tokens.entries': entries('graph_tokens'),
  'graph_tokens.evictions': evictions('graph_tokens'),
  'documents.entries': entries('documents'),
  'documents.evictions': evictions('documents'),
  'persisted_queries.entries': entries('persisted_queries'),
  'persisted_queries.evictions': evictions('persisted_queries'),
  'keys.age': {
    metric: 'gateway.keys.age',
    kind: 'gauge',
    unit: 's',
    description: "Age of Entra's keys, which are fetched once an hour",
  },
  'keys.failures': {
    metric: 'gateway.keys.failures',
    kind: 'counter',
    description: "Fetches of Entra's discovery documents and keys that failed",
  },
  'drift.unknown_property': drift('unknown_property'),
  'drift.unknown_member': drift('unknown_member'),
  'drift.wrong_type': drift('wrong_type'),
  'drift.missing_annotation': drift('missing_annotation'),
  'event_loop.p50': eventLoopDelay('p50'),
  'event_loop.p99': eventLoopDelay('p99'),
  'event_loop.max': eventLoopDelay('max'),
  'memory.resident': memory('resident'),
  'memory.heap_used': memory('heap_used'),
  'memory.heap_limit': memory('heap_limit'),
  'log.ordinary_lines_lost': linesLost('ordinary'),
  'log.audit_lines_lost': linesLost('audit'),
} as const satisfies Record<string, WatchedMetric>;
