import type { OperationFacts } from './operation-facts.ts';
import { createStopwatch } from './stopwatch.ts';
import type { OperationTelemetry } from './telemetry/telemetry.ts';

/** What one operation cost and met, and who is told of its calls. */
export interface OperationRecord extends OperationFacts {
  /** Traces and metrics of this operation; undefined unless the settings ask for them. */
  readonly telemetry: OperationTelemetry | undefined;
}

export function startOperationRecord(telemetry?: OperationTelemetry): OperationRecord {
  return {
    operationName: undefined,
    operationType: undefined,
    graphCalls: 0,
    entraCalls: 0,
    retries: 0,
    heldBytes: 0,
    graphTime: createStopwatch(),
    exchangeTime: createStopwatch(),
    waitTime: createStopwatch(),
    tokenCacheHits: 0,
    tokenCacheMisses: 0,
    graphRequestIds: [],
    clientRequestIds: [],
    causes: [],
    errorCodes: [],
    telemetry,
  };
}
