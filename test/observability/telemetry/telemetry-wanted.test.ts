import { expect, it } from 'vitest';
import { telemetryWanted } from '../../../src/observability/telemetry/telemetry-wanted.ts';

const both = { traces: true, metrics: true, file: false };
const traces = { traces: true, metrics: false, file: false };
const metrics = { traces: false, metrics: true, file: false };
const endpoint = 'http://collector:4318';

it.each([
  [{}, undefined],
  [{ OTEL_SERVICE_NAME: 'gateway', OTEL_RESOURCE_ATTRIBUTES: 'a=b', OTEL_LOG_LEVEL: 'debug' }, undefined],
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, traces],
  [{ OTEL_TRACES_EXPORTER: ' console , otlp ' }, traces],
  [{ OTEL_METRICS_EXPORTER: 'prometheus' }, metrics],
  [{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp' }, both],
  [{ OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }, undefined],
  [{ OTEL_TRACES_EXPORTER: '', OTEL_METRICS_EXPORTER: ' , ' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, both],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint }, traces],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint }, metrics],
  [{ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: endpoint, OTEL_LOGS_EXPORTER: 'otlp' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRICS_EXPORTER: 'none' }, traces],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint, OTEL_METRICS_EXPORTER: 'prometheus' }, both],
  [{ OTEL_CONFIG_FILE: '/etc/otel.yaml' }, { ...both, file: true }],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: ' True ' }, undefined],
  [{ OTEL_CONFIG_FILE: '/etc/otel.yaml', OTEL_SDK_DISABLED: 'true' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'false' }, both],
])('%o asks for %o', (env, expected) => {
  expect(telemetryWanted(env)).toStrictEqual(expected);
});
