import { describe, expect, it } from 'vitest';
import { dropConnection, entraError, forRequests, throttled, unavailable } from '../../../src/emulator/faults.ts';
import { operationLine } from '../log/operation-line.ts';
import { startObservedGateway } from '../observed-gateway.ts';
import type { ReceivedSpan } from '../otlp-receiver.ts';

const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;
const ONE = 'query One { remoteHelpSessionResponse(id: "session-1") { deviceName } }';
const UPDATE = `mutation Change { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "Tablet" }) {
  remoteHelpSessionResponse { deviceName } } }`;
const TEMPLATE = '/RemoteHelpSessionRetrieveResponse/{id}';

/** Sends one operation and gives the spans that it made: the operation's own, and those of its calls in order. */
async function observe(document: string, { headers, graph = [], entra = [], otel = {} }: Given = {}) {
  const gateway = await startObservedGateway({ otel });
  gateway.emulator.graph.respondWith(graph);
  gateway.emulator.entra.respondWith(entra);
  await gateway.query(document, headers === undefined ? {} : { headers });
  await operationLine(gateway);
  await gateway.flush();
  const spans = gateway.receiver.spans();
  const [operation] = spans.filter(({ kind }) => kind === SERVER);
  const calls = spans.filter(({ kind }) => kind === CLIENT);
  return { gateway, spans, operation: operation as ReceivedSpan, calls };
}

interface Given {
  readonly headers?: Record<string, string>;
  readonly graph?: Parameters<Gateway['emulator']['graph']['respondWith']>[0];
  readonly entra?: Parameters<Gateway['emulator']['entra']['respondWith']>[0];
  readonly otel?: Record<string, string>;
}
type Gateway = Awaited<ReturnType<typeof startObservedGateway>>;

describe('spans', () => {
  it('are one for the operation, and under it one for each call', async () => {
    const { gateway, spans, operation, calls } = await observe(ONE);
    expect(operation).toMatchObject({ name: 'query', parentSpanId: undefined, status: undefined });
    expect(operation.attributes).toStrictEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'http.route': '/graphql',
      'url.path': '/graphql',
      'url.scheme': 'http',
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'One',
    });
    const { hostname, port } = new URL(gateway.emulator.graph.baseUrl);
    expect(calls.map(({ name }) => name)).toStrictEqual(['POST /{tenant}/oauth2/v2.0/token', `GET ${TEMPLATE}`]);
    expect(calls[1]?.attributes).toStrictEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'server.address': hostname,
      'server.port': Number(port),
      'url.template': TEMPLATE,
    });
    for (const { parentSpanId, traceId } of calls) {
      expect({ parentSpanId, traceId }).toStrictEqual({ parentSpanId: operation.spanId, traceId: operation.traceId });
    }
    expect(spans).toHaveLength(3);
  });

  it('continue the trace of the client, and hand it on to Graph', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'vendor=1', baggage: 'user=x' };
    const { gateway, operation, calls } = await observe(UPDATE, { headers });
    expect(operation).toMatchObject({ name: 'mutation', traceId, parentSpanId: 'b7ad6b7169203331' });
    expect(calls[1]).toMatchObject({ name: `PATCH ${TEMPLATE}`, traceId });
    const sent = gateway.emulator.graph.requests[0]?.headers;
    expect(sent).toMatchObject({ traceparent: `00-${traceId}-${calls[1]?.spanId}-01`, tracestate: 'vendor=1' });
    expect(sent).not.toHaveProperty('baggage');
    expect(await operationLine(gateway)).toMatchObject({ traceId });
  });

  it('are not made for a client whose trace is not sampled, and Graph is told so', async () => {
    const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' };
    const { gateway, spans } = await observe(ONE, { headers });
    expect(spans).toHaveLength(0);
    expect(gateway.emulator.graph.requests[0]?.headers.traceparent).toMatch(
      /^00-0af7651916cd43dd8448eb211c80319c-.*-00$/,
    );
  });

  it('count the attempts, and say what became of each', async () => {
    const graph = [throttled(), forRequests({ method: 'GET' }, dropConnection())];
    const { operation, calls } = await observe(ONE, { graph });
    expect(operation.status).toBeUndefined();
    expect(
      calls
        .slice(1)
        .map(({ status, attributes }) => [
          status,
          attributes['http.request.resend_count'],
          attributes['http.response.status_code'],
          attributes['error.type'],
        ]),
    ).toStrictEqual([
      [ERROR, undefined, 429, '429'],
      [ERROR, 1, undefined, 'broken'],
      [undefined, 2, 200, undefined],
    ]);
  });

  it('are in error when the gateway or an upstream failed', async () => {
    const { operation } = await observe(UPDATE, { graph: [unavailable(502)] });
    expect(operation).toMatchObject({ status: ERROR, attributes: { 'error.type': 'UPSTREAM_UNAVAILABLE' } });
  });

  it('are not in error when the caller must act, but say why', async () => {
    const entra = [forRequests({ method: 'POST' }, entraError(65001, { suberror: 'consent_required' }))];
    const { operation } = await observe(ONE, { entra });
    expect(operation.status).toBeUndefined();
    expect(operation.attributes).toMatchObject({
      'error.type': 'INTERACTION_REQUIRED',
      'http.response.status_code': 401,
    });
  });

  it('have a name also when there is no operation', async () => {
    const { operation } = await observe('{');
    expect(operation).toMatchObject({ name: 'GraphQL Operation' });
    expect(operation.attributes).not.toHaveProperty('graphql.operation.type');
  });

  it('cut the name that a client gave the operation', async () => {
    const { operation } = await observe(`query ${'N'.repeat(5000)} { __typename }`);
    expect(operation.name).toBe('query');
    expect(operation.attributes['graphql.operation.name']).toBe('N'.repeat(128));
  });
});

it('passes the trace on as it came when only metrics are asked for', async () => {
  const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03', tracestate: 'b=1,a=2' };
  const { gateway, spans } = await observe(ONE, { headers, otel: { OTEL_TRACES_EXPORTER: 'none' } });
  expect(gateway.emulator.graph.requests[0]?.headers).toMatchObject(headers);
  expect(spans).toHaveLength(0);
  expect(gateway.receiver.metricNames()).toContain('gateway.operation.duration');
});
