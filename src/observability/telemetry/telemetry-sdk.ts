import { type DiagLogger, DiagLogLevel, diag, metrics, trace } from '@opentelemetry/api';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import type { Logger } from 'pino';
import { createTelemetry } from './create-telemetry.ts';
import { createMetrics } from './metrics.ts';
import type { Telemetry } from './telemetry.ts';
import type { TelemetryWanted } from './telemetry-wanted.ts';
import { createTraces } from './traces.ts';
import { watchProcess } from './watch-process.ts';

export interface RunningTelemetry {
  readonly telemetry: Telemetry;
  /** Sends what is left, for a short time only: a collector that is down must not hold up the end of the process. */
  stop(): Promise<void>;
}

const NAME = 'remote-help-graphql-gateway';
const STOP_LIMIT_MS = 3_000;

/**
 * Starts OpenTelemetry's SDK as the OTEL_* variables of the process say. Only `main` loads this module, and only when
 * they ask for it. A bad variable is told in the log and never stops the gateway. No logs are exported: pino writes them.
 */
export function startTelemetry(wanted: TelemetryWanted, env: NodeJS.ProcessEnv, logger: Logger): RunningTelemetry {
  const sdk = startNodeSdk(
    wanted.file
      ? {}
      : {
          // While it starts the SDK writes to the console; the chatter of its lower levels has no place among log lines.
          logLevel: env.OTEL_LOG_LEVEL || 'warn',
          logRecordProcessors: [],
          ...(!namesService(env) && { resourceAttributes: { 'service.name': NAME } }),
          ...(!wanted.traces && { spanProcessors: [] }),
          ...(!wanted.metrics && { metricReaders: [] }),
        },
  );
  diag.setLogger(diagLogger(logger), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const telemetry = createTelemetry({
    traces: wanted.traces ? createTraces(trace.getTracer(NAME)) : undefined,
    metrics: wanted.metrics ? createMetrics(metrics.getMeter(NAME)) : undefined,
  });
  if (wanted.metrics) watchProcess(telemetry.watch);
  return {
    telemetry,
    async stop() {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_LIMIT_MS);
      });
      await Promise.race([sdk.shutdown(), limit]).catch((err: unknown) => {
        logger.warn({ err }, 'OpenTelemetry: the last spans or metrics were not sent');
      });
      clearTimeout(timer);
    },
  };
}

function namesService({ OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES }: NodeJS.ProcessEnv): boolean {
  return Boolean(OTEL_SERVICE_NAME) || /(^|,)\s*service\.name\s*=/.test(OTEL_RESOURCE_ATTRIBUTES ?? '');
}

/** The SDK's own complaints, such as a collector that is down, as lines of the gateway's log. */
function diagLogger(logger: Logger): DiagLogger {
  const write = (level: 'error' | 'warn') => (message: unknown) => {
    logger[level](
      { err: message instanceof Error ? message : undefined, detail: String(message).slice(0, 500) },
      'OpenTelemetry',
    );
  };
  const quiet = () => {};
  return { error: write('error'), warn: write('warn'), info: quiet, debug: quiet, verbose: quiet };
}
