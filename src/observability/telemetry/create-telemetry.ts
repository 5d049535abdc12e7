import type { Metrics } from './metrics.ts';
import type { Telemetry } from './telemetry.ts';
import type { Traces } from './traces.ts';

export interface TelemetryParts {
  readonly traces: Traces | undefined;
  readonly metrics: Metrics | undefined;
}

/** Joins traces and metrics, either of which may be missing. */
export function createTelemetry({ traces, metrics }: TelemetryParts): Telemetry {
  return {
    startOperation(request) {
      const operation = traces?.startOperation(request);
      return {
        traceId: operation?.traceId,
        startCall(call) {
          const span = operation?.startCall(call);
          const startedAt = performance.now();
          return {
            traceHeaders: span?.traceHeaders,
            end(end) {
              metrics?.recordCall(call, end, performance.now() - startedAt);
              span?.end(end);
            },
          };
        },
        exchangeFailed: (failure) => metrics?.recordExchangeFailure(failure),
        end(end) {
          metrics?.recordOperation(end);
          operation?.end(end);
        },
      };
    },
    watch: (number, read) => metrics?.watch(number, read),
  };
}
