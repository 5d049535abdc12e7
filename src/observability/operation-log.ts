import type { Logger } from 'pino';
import type { OperationEnd } from './telemetry.ts';

export interface OperationLine extends OperationEnd {
  readonly log: Pick<Logger, 'info'>;
  /** The caller's hash; undefined for one without a token. */
  readonly caller: string | undefined;
  /** The trace that the client is in, where no span was made. */
  readonly traceparent: string | undefined;
}

/** A name may be as long as a document; a line may not. */
const MAX_NAME_LENGTH = 128;

/** One line for each operation: what an on-call engineer looks for first. Its field names are public; README lists them. */
export function logOperation({ log, record, status, code, durationMs, caller, traceparent }: OperationLine): void {
  log.info(
    {
      operation: record.operationName?.slice(0, MAX_NAME_LENGTH),
      type: record.operationType,
      status,
      code,
      codes: record.errorCodes,
      caller,
      clientGone: code === 'CLIENT_GONE' || undefined,
      durationMs: Math.round(durationMs),
      graphCalls: record.graphCalls,
      graphMs: record.graphTime.elapsedMs(),
      graphRequestIds: record.graphRequestIds,
      clientRequestIds: record.clientRequestIds,
      entraCalls: record.entraCalls,
      exchangeMs: record.exchangeTime.elapsedMs(),
      retries: record.retries,
      waitMs: record.waitTime.elapsedMs(),
      tokenCacheHits: record.tokenCacheHits,
      tokenCacheMisses: record.tokenCacheMisses,
      traceId: record.telemetry?.traceId ?? traceparent?.slice(3, 35),
    },
    'operation',
  );
}
