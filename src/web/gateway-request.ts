import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { GatewayRequest } from '../graphql/context.ts';
import { startBudget } from '../http/budget.ts';
import type { RequestLines } from '../observability/log/create-log.ts';
import { createRequestLog } from '../observability/log/request-log.ts';
import { operationCode } from '../observability/operation-code.ts';
import { startOperationRecord } from '../observability/operation-record.ts';
import type { Telemetry } from '../observability/telemetry/telemetry.ts';
import { readTraceHeaders } from '../observability/telemetry/trace-headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined for a request that is none to GraphQL. */
    gateway: OpenRequest | undefined;
  }
}

/** A GraphQL request between its headers and the end of its answer, as the door knows it. */
export interface OpenRequest extends GatewayRequest {
  /** Milliseconds of a clock that only goes forward. */
  readonly startedAt: number;
  /** Whether it has taken a place inside. */
  inside: boolean;
  /** Bytes of a large body that are counted. */
  bodyBytes: number;
  /** Whether it is being executed: an update goes on when its client has gone. */
  running: boolean;
  /** Whether its answer has left, or its client has. */
  closed: boolean;
}

export interface OpenRequestOptions {
  readonly requestTimeoutMs: number;
  readonly logger: Logger;
  readonly lines: Pick<RequestLines, 'operation'>;
  readonly telemetry: Telemetry | undefined;
}

/** Starts a request's budget and record. From here on it is logged like any operation, whatever becomes of it. */
export function openRequest(request: FastifyRequest, options: OpenRequestOptions): OpenRequest {
  const { requestTimeoutMs, logger, telemetry } = options;
  const { method, protocol: scheme } = request;
  // Passed on as it came, unless spans are made.
  const traceHeaders = readTraceHeaders(request.headers);
  const gateway: OpenRequest = {
    caller: undefined,
    authorization: request.headers.authorization,
    requestId: request.id,
    budget: startBudget(requestTimeoutMs),
    record: startOperationRecord(telemetry?.startOperation({ method, scheme, traceHeaders })),
    log: createRequestLog(logger, request.id),
    traceHeaders,
    startedAt: performance.now(),
    inside: false,
    bodyBytes: 0,
    running: false,
    closed: false,
  };
  request.gateway = gateway;
  return gateway;
}

/** Says what became of a request, once its answer has left or its client has. */
export function closeRequest(gateway: OpenRequest, { raw }: FastifyReply, { lines }: OpenRequestOptions): void {
  const { caller, record, requestId, budget, traceHeaders, startedAt } = gateway;
  gateway.closed = true;
  if (raw.writableFinished) budget.close();
  else budget.cancel();
  const status = raw.statusCode;
  const code = operationCode(record, status, budget.ended === 'cancelled');
  const end = { record, status, code, durationMs: performance.now() - startedAt };
  lines.operation({ ...end, requestId, caller: caller?.logHash, traceparent: traceHeaders.traceparent });
  record.telemetry?.end(end);
}
