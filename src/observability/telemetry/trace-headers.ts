/** W3C trace context as headers: `traceparent` and perhaps `tracestate`, or none. */
export type TraceHeaders = Readonly<Record<string, string>>;

/** Version, trace, parent and flags; neither the version ff nor a trace or parent of zeros (W3C Trace Context, 3.2). */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;

/** The trace context of a request's headers as it came, when it is of the right form. */
export function readTraceHeaders(headers: Readonly<Record<string, unknown>>): TraceHeaders {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string' || !TRACEPARENT.test(traceparent)) return {};
  return typeof tracestate === 'string' && TRACESTATE.test(tracestate) ? { traceparent, tracestate } : { traceparent };
}
