import type { OperationRecord } from '../operation-record.ts';
import type { UpstreamCall } from './telemetry.ts';
import type { TraceHeaders } from './trace-headers.ts';

/** Makes one attempt at an upstream: under a span and measured when telemetry is on, and just made when it is off. */
export function observeCall<Answer extends { readonly status: number }>(
  { telemetry }: OperationRecord,
  call: UpstreamCall,
  send: (traceHeaders: TraceHeaders | undefined) => Promise<Answer>,
): Promise<Answer> {
  if (telemetry === undefined) return send(undefined);
  const observed = telemetry.startCall(call);
  return send(observed.traceHeaders).then(
    (answer) => {
      observed.end({ status: answer.status });
      return answer;
    },
    (failure: unknown) => {
      observed.end({ failure });
      throw failure;
    },
  );
}
