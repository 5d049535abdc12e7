import type { Stopwatch } from './stopwatch.ts';

/** What one GraphQL operation cost and met on its way, for its log line, metrics and audit. Filled in as it happens. */
export interface OperationFacts {
  operationName: string | undefined;
  operationType: string | undefined;
  /** Requests sent to Graph and to Entra's token endpoint. */
  graphCalls: number;
  entraCalls: number;
  retries: number;
  /** Bytes of Graph's answers that are counted as held until the operation is over. */
  heldBytes: number;
  /** While requests to Graph were under way. */
  readonly graphTime: Stopwatch;
  /** While a token was waited for, whoever's exchange it was. */
  readonly exchangeTime: Stopwatch;
  /** Time lost: backoff, throttling, a place in the queue to Graph. */
  readonly waitTime: Stopwatch;
  tokenCacheHits: number;
  tokenCacheMisses: number;
  readonly graphRequestIds: string[];
  /** `client-request-id` of each attempt at Graph that failed: all that is known of one without an answer. */
  readonly clientRequestIds: string[];
  /** Why calls to Graph or Entra failed, or the caller's token was refused, each cause once. */
  readonly causes: string[];
  /** The codes of the errors in the answer, each once. */
  readonly errorCodes: string[];
}
