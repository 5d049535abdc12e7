import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A span, with its attributes as a plain object. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** 2 is a server's span, 3 a client's. */
  readonly kind: number;
  /** 2 is an error. */
  readonly status: number | undefined;
  readonly attributes: Record<string, unknown>;
}

/** One point of a metric: a count and a sum for a histogram, a value for the others. */
export interface ReceivedPoint {
  readonly labels: Record<string, unknown>;
  readonly count: number | undefined;
  readonly value: number | undefined;
  /** Of a histogram: where its buckets end. */
  readonly bounds: readonly number[] | undefined;
}

/** A collector of OpenTelemetry data over OTLP (http/json). */
export interface OtlpReceiver {
  /** Settings that send traces and metrics here. */
  readonly env: Record<string, string>;
  spans(): ReceivedSpan[];
  /** The points of a metric in the last report of it. */
  points(name: string): ReceivedPoint[];
  metricNames(): string[];
  /** All that came in, as text. */
  text(): string;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}
interface Span extends Omit<ReceivedSpan, 'attributes' | 'status' | 'parentSpanId'> {
  attributes: Attribute[];
  status?: { code?: number };
  parentSpanId?: string;
}
interface Point {
  attributes: Attribute[];
  count?: number;
  explicitBounds?: number[];
  asDouble?: number;
  asInt?: number | string;
}
type Data = { dataPoints: Point[] };
interface Metric {
  name: string;
  histogram?: Data;
  sum?: Data;
  gauge?: Data;
}
interface Body {
  resourceSpans?: { scopeSpans: { spans: Span[] }[] }[];
  resourceMetrics?: { scopeMetrics: { metrics: Metric[] }[] }[];
}

/** Starts a receiver on a free port; it ends with the test. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const texts: string[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    texts.push(text);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const bodies = () => texts.map((text): Body => JSON.parse(text));
  const metrics = () =>
    bodies().flatMap(({ resourceMetrics = [] }) =>
      resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics)),
    );
  return {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    },
    spans: () =>
      bodies()
        .flatMap(({ resourceSpans = [] }) =>
          resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
        )
        .map(({ name, traceId, spanId, parentSpanId, kind, status, attributes }) => ({
          name,
          traceId,
          spanId,
          parentSpanId: parentSpanId || undefined,
          kind,
          status: status?.code || undefined,
          attributes: plain(attributes),
        })),
    points(name) {
      const { histogram, sum, gauge } = metrics().findLast((metric) => metric.name === name) ?? {};
      return ((histogram ?? sum ?? gauge)?.dataPoints ?? []).map(
        ({ attributes, count, explicitBounds, asDouble, asInt }) => ({
          labels: plain(attributes),
          count: count === undefined ? undefined : Number(count),
          bounds: explicitBounds,
          value: asDouble ?? (asInt === undefined ? undefined : Number(asInt)),
        }),
      );
    },
    metricNames: () => [...new Set(metrics().map(({ name }) => name))].sort(),
    text: () => texts.join('\n'),
  };
}

function plain(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value: { intValue, ...other } }) => [
      key,
      intValue === undefined ? Object.values(other)[0] : Number(intValue),
    ]),
  );
}
