import type { OperationRecord } from '../operation-record.ts';
import type { OperationEnd } from '../telemetry/telemetry.ts';
import { jsonText, jsonTexts } from './json-text.ts';

export interface OperationLine extends OperationEnd {
  readonly record: OperationRecord;
  readonly requestId: string;
  /** The caller's hash; undefined for one without a token. */
  readonly caller: string | undefined;
  /** The trace that the client is in, where no span was made. */
  readonly traceparent: string | undefined;
}

/** A name may be as long as a document; a line may not. */
const MAX_NAME_LENGTH = 128;

/**
 * One line for each operation: what an on-call engineer looks for first. Its field names are public; docs/operating.md lists them.
 * It is pino's form, put together by hand: pino's walk over the fields costs more than all the rest of a line.
 * @param time milliseconds since 1970
 */
export function operationLine(line: OperationLine, time: number): string {
  const { requestId, record, status, code, durationMs, caller, traceparent } = line;
  const { operationName, operationType } = record;
  const traceId = record.telemetry?.traceId ?? traceparent?.slice(3, 35);
  let json = `{"level":30,"time":${time},"reqId":${jsonText(requestId)}`;
  if (operationName !== undefined) json += `,"operation":${jsonText(operationName.slice(0, MAX_NAME_LENGTH))}`;
  if (operationType !== undefined) json += `,"type":${jsonText(operationType)}`;
  json += `,"status":${status},"code":"${code}","codes":${jsonTexts(record.errorCodes)}`;
  if (record.causes.length > 0) json += `,"causes":${jsonTexts(record.causes)}`;
  if (caller !== undefined) json += `,"caller":${jsonText(caller)}`;
  if (code === 'CLIENT_GONE') json += ',"clientGone":true';
  json += `,"durationMs":${Math.round(durationMs)},"graphCalls":${record.graphCalls},"graphMs":${record.graphTime.elapsedMs()}`;
  json += `,"graphRequestIds":${jsonTexts(record.graphRequestIds)}`;
  if (record.clientRequestIds.length > 0) json += `,"clientRequestIds":${jsonTexts(record.clientRequestIds)}`;
  json += `,"entraCalls":${record.entraCalls},"exchangeMs":${record.exchangeTime.elapsedMs()},"retries":${record.retries}`;
  json += `,"waitMs":${record.waitTime.elapsedMs()},"tokenCacheHits":${record.tokenCacheHits},"tokenCacheMisses":${record.tokenCacheMisses}`;
  if (traceId !== undefined) json += `,"traceId":${jsonText(traceId)}`;
  return `${json},"msg":"operation"}\n`;
}
