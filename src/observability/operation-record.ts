/** What one GraphQL operation cost and met on its way, for its log line, metrics and audit. Filled in as it happens. */
export interface OperationRecord {
  operationName: string | undefined;
  operationType: string | undefined;
  /** Requests sent to Graph and to Entra's token endpoint. */
  graphCalls: number;
  entraCalls: number;
  retries: number;
  /** Milliseconds spent waiting: backoff, throttling, a place in the queue to Graph. */
  waitMs: number;
  tokenCacheHits: number;
  tokenCacheMisses: number;
  readonly graphRequestIds: string[];
  /** The code of each error in the answer. */
  readonly errorCodes: string[];
}

export function startOperationRecord(): OperationRecord {
  return {
    operationName: undefined,
    operationType: undefined,
    graphCalls: 0,
    entraCalls: 0,
    retries: 0,
    waitMs: 0,
    tokenCacheHits: 0,
    tokenCacheMisses: 0,
    graphRequestIds: [],
    errorCodes: [],
  };
}
