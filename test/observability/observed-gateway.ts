import { context, diag, metrics, propagation, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { onTestFinished, vi } from 'vitest';
import { startTelemetry } from '../../src/observability/telemetry/telemetry-sdk.ts';
import { telemetryWanted } from '../../src/observability/telemetry/telemetry-wanted.ts';
import { type GatewayOptions, startGateway, type TestGateway } from '../support/gateway.ts';
import { type OtlpReceiver, startOtlpReceiver } from './otlp-receiver.ts';

export interface ObservedGateway extends TestGateway {
  readonly receiver: OtlpReceiver;
  /** Has the SDK send all that it holds; nothing is observed after that. */
  flush(): Promise<void>;
}

/** A gateway under the real SDK, set by its variables to report to a receiver; `otel` sets more of them. */
export async function startObservedGateway(
  options: GatewayOptions & { readonly otel?: Record<string, string> } = {},
): Promise<ObservedGateway> {
  const { otel = {}, ...others } = options;
  const receiver = await startOtlpReceiver();
  for (const [name, value] of Object.entries({ ...receiver.env, ...otel })) vi.stubEnv(name, value);
  const wanted = telemetryWanted(process.env);
  if (wanted === undefined) throw new Error('nothing is asked for');
  const { telemetry, stop } = startTelemetry(wanted, process.env, pino({ level: 'silent' }));
  onTestFinished(async () => {
    await stop();
    vi.unstubAllEnvs();
    for (const api of [trace, metrics, propagation, context, diag]) api.disable();
  });
  const gateway = await startGateway({ ...others, dependencies: { ...others.dependencies, telemetry } });
  return { ...gateway, receiver, flush: stop };
}
