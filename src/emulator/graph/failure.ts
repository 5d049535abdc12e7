import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/outcome.ts';
import type { Call } from './call.ts';
import { json } from './json-answer.ts';

/** An error in Graph's shape. */
export function failure(
  { now, requestId, clientRequestId }: Call,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  const innerError = {
    date: new Date(now).toISOString().slice(0, 19), // Graph writes no zone
    'request-id': requestId,
    'client-request-id': clientRequestId,
  };
  return json(status, { error: { code, message, innerError } }, headers);
}

/** Intune puts a JSON document, as text, into the message, and the address of the object with it. */
export function intuneFailure(call: Call, status: number, code: string, text: string): Answer {
  const message = {
    _version: 3,
    Message: `${text} - Operation ID (for customer support): ${randomUUID()} - Activity ID: ${call.requestId} - Url: https://fef.emulator.example/StatelessRemoteHelpService${call.url.pathname}`,
    CustomApiErrorPhrase: '',
    RetryAfter: null,
    ErrorSourceService: '',
    HttpHeaders: '{}',
  };
  return failure(call, status, code, JSON.stringify(message, undefined, 2));
}
