/** Which signals the settings ask for. */
export interface TelemetryWanted {
  readonly traces: boolean;
  readonly metrics: boolean;
  /** OTEL_CONFIG_FILE: a file says everything, and the variables nothing. */
  readonly file: boolean;
}

/**
 * Reads OpenTelemetry's standard variables for one thing only: whether to load the SDK, which reads them all itself.
 * A signal is asked for by its exporter's name, or by an address for OTLP where none is named. The SDK alone would take
 * the lack of a name for "otlp", and send traces to localhost because somebody asked for Prometheus metrics.
 * @returns undefined when nothing is asked for
 */
export function telemetryWanted(env: NodeJS.ProcessEnv): TelemetryWanted | undefined {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return undefined;
  if (env.OTEL_CONFIG_FILE) return { traces: true, metrics: true, file: true };
  const asksFor = (signal: 'TRACES' | 'METRICS') => {
    const exporters = (env[`OTEL_${signal}_EXPORTER`] ?? '').split(',').map((name) => name.trim());
    const named = exporters.filter((name) => name !== '');
    if (named.length > 0) return !named.includes('none');
    return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]);
  };
  const wanted = { traces: asksFor('TRACES'), metrics: asksFor('METRICS'), file: false };
  return wanted.traces || wanted.metrics ? wanted : undefined;
}
