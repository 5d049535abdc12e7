import type { OperationCode } from '../operation-code.ts';
import type { OperationFacts } from '../operation-facts.ts';
import type { TraceHeaders } from './trace-headers.ts';
import type { Watch } from './watched-numbers.ts';

/**
 * Traces and metrics, where the OTEL_* variables ask for them. Elsewhere it is undefined, and all that a request pays
 * is to look.
 */
export interface Telemetry {
  startOperation(request: OperationStart): OperationTelemetry;
  /** Has a number of some room shown among the metrics. */
  readonly watch: Watch;
}

export interface OperationStart {
  readonly method: string;
  readonly scheme: string;
  /** The trace that the client is in. */
  readonly traceHeaders: TraceHeaders;
}

export interface OperationTelemetry {
  readonly traceId: string | undefined;
  startCall(call: UpstreamCall): CallTelemetry;
  /** An exchange that this operation began has failed for good. */
  exchangeFailed(failure: unknown): void;
  end(end: OperationEnd): void;
}

/** What became of an operation. */
export interface OperationEnd {
  readonly record: OperationFacts;
  /** The HTTP status of the answer. */
  readonly status: number;
  readonly code: OperationCode;
  readonly durationMs: number;
}

/** One attempt at Graph or Entra, in words that hold nothing of a session or a person. */
export interface UpstreamCall {
  readonly upstream: 'graph' | 'entra';
  readonly method: string;
  readonly origin: string;
  /** The path with names in the place of ids, without its query. */
  readonly template: string;
  /** From 1; more is a repetition. */
  readonly attempt: number;
}

export interface CallTelemetry {
  /** What goes along with the call; undefined where no spans are made. */
  readonly traceHeaders: TraceHeaders | undefined;
  end(end: CallEnd): void;
}

/** The status of the answer, or why there was none. */
export type CallEnd = { readonly status: number } | { readonly failure: unknown };
