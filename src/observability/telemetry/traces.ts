import {
  type Context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { isFault } from '../operation-code.ts';
import { failureKind } from './failure-kind.ts';
import type { CallEnd, OperationEnd, OperationStart, UpstreamCall } from './telemetry.ts';
import type { TraceHeaders } from './trace-headers.ts';

/**
 * Spans as OpenTelemetry's conventions for GraphQL and HTTP name them. They hold no document, variable, header, body or
 * full address: Graph's addresses contain session ids.
 */
export interface Traces {
  startOperation(request: OperationStart): OperationSpan;
}

export interface OperationSpan {
  readonly traceId: string;
  startCall(call: UpstreamCall): CallSpan;
  end(end: OperationEnd): void;
}

export interface CallSpan {
  /** The trace context that names this span as the parent. */
  readonly traceHeaders: TraceHeaders;
  end(end: CallEnd): void;
}

/** Clients choose operation names, so a span is named after the type; this much of the name is an attribute. */
const MAX_NAME_LENGTH = 128;

export function createTraces(tracer: Tracer): Traces {
  return {
    startOperation({ method, scheme, traceHeaders }) {
      const parent = propagation.extract(ROOT_CONTEXT, traceHeaders);
      const attributes = {
        'http.request.method': method,
        'http.route': '/graphql',
        'url.path': '/graphql',
        'url.scheme': scheme,
      };
      const span = tracer.startSpan('GraphQL Operation', { kind: SpanKind.SERVER, attributes }, parent);
      const inside = trace.setSpan(parent, span);
      return {
        traceId: span.spanContext().traceId,
        startCall: (call) => startCall(call, inside),
        end: (end) => endOperation(span, end),
      };
    },
  };

  function startCall({ method, origin, template, attempt }: UpstreamCall, parent: Context): CallSpan {
    const { protocol, hostname, port } = new URL(origin);
    const attributes = {
      'http.request.method': method,
      'server.address': hostname,
      'server.port': Number(port || (protocol === 'http:' ? 80 : 443)),
      'url.template': template,
      ...(attempt > 1 && { 'http.request.resend_count': attempt - 1 }),
    };
    const span = tracer.startSpan(`${method} ${template}`, { kind: SpanKind.CLIENT, attributes }, parent);
    const traceHeaders: Record<string, string> = {};
    propagation.inject(trace.setSpan(parent, span), traceHeaders);
    return { traceHeaders, end: (end) => endCall(span, end) };
  }
}

function endOperation(span: Span, { record, status, code }: OperationEnd): void {
  const { operationName, operationType } = record;
  if (operationType !== undefined) span.updateName(operationType).setAttribute('graphql.operation.type', operationType);
  if (operationName !== undefined) {
    span.setAttribute('graphql.operation.name', operationName.slice(0, MAX_NAME_LENGTH));
  }
  if (code !== 'CLIENT_GONE') span.setAttribute('http.response.status_code', status);
  if (code !== 'OK') span.setAttribute('error.type', code);
  if (isFault(code)) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function endCall(span: Span, end: CallEnd): void {
  if ('status' in end) span.setAttribute('http.response.status_code', end.status);
  const error = 'failure' in end ? failureKind(end.failure) : end.status >= 400 ? String(end.status) : undefined;
  if (error !== undefined) span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
