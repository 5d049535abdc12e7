import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, it, vi } from 'vitest';
import { startGatewayProcess } from '../gateway-process.ts';
import { startOtlpReceiver } from '../otlp-receiver.ts';

/** Prints the address of every module as the process loads it. */
const PRINT_MODULES = `import { registerHooks } from 'node:module';
registerHooks({ load: (url, context, next) => { process.stderr.write('[module ' + url + ']\\n'); return next(url, context); } });`;
const printModules = ['--import', `data:text/javascript,${encodeURIComponent(PRINT_MODULES)}`];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('loads nothing of OpenTelemetry when no variable asks for it', async () => {
  const gateway = await startGatewayProcess({ OTEL_SERVICE_NAME: 'gateway' }, printModules);
  expect(await gateway.update()).not.toHaveProperty('errors');
  expect(await gateway.stop()).toBe(0);
  // What it did load, as the proof that the hook sees modules of either kind, and the ones that are loaded late.
  expect(gateway.output()).toMatch(/\[module .*\/node_modules\/fastify\/.*\]/);
  expect(gateway.output()).toMatch(/\[module .*\/node_modules\/@azure\/identity\/.*\]/);
  expect(gateway.output()).not.toMatch(/opentelemetry/i);
});

it('reports to a collector and to Prometheus, and sends the rest when it ends', async () => {
  const receiver = await startOtlpReceiver();
  const port = await freePort();
  const gateway = await startGatewayProcess({
    ...receiver.env,
    OTEL_METRICS_EXPORTER: 'prometheus',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    // So long that only the end of the process sends them.
    OTEL_BSP_SCHEDULE_DELAY: '600000',
  });
  expect(await gateway.update()).not.toHaveProperty('errors');
  const scraped = await vi.waitFor(async () => {
    const text = await (await fetch(`http://localhost:${port}/metrics`)).text();
    expect(text).toContain('gateway_operation_duration');
    return text;
  }, 5000);
  expect(scraped).toMatch(/^gateway_operation_duration_count\{type="mutation",code="OK",.*\} 1$/m);
  expect(scraped).toMatch(/^gateway_upstream_duration_count\{upstream="graph",method="PATCH",result="2xx",.*\} 1$/m);
  expect(scraped).toMatch(/^gateway_turnstile_waiting\{?.* 0$/m);
  expect(scraped).not.toMatch(/session-1|eyJ|fake-/);
  expect(receiver.spans()).toStrictEqual([]);

  expect(await gateway.stop()).toBe(0);
  expect(receiver.spans().map(({ name }) => name)).toContain('mutation');
  expect(receiver.text()).toContain('remote-help-graphql-gateway');
  expect(receiver.text()).not.toMatch(/session-1|eyJ|fake-/);
});

it('serves, says so and ends in time when the collector is down', async () => {
  const port = await freePort();
  const gateway = await startGatewayProcess({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${port}`,
    OTEL_EXPORTER_OTLP_TIMEOUT: '100',
    OTEL_BSP_SCHEDULE_DELAY: '10',
  });
  expect(await gateway.update()).not.toHaveProperty('errors');
  await vi.waitFor(() => expect(gateway.output()).toMatch(/"level":[45]0.*OpenTelemetry/), 10_000);
  expect(await gateway.stop()).toBe(0);
});
