import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/outcome.ts';
import type { ReceivedRequest } from '../http/received-request.ts';

/** A request to Graph while it is answered: what every answer to it repeats. */
export interface Call {
  readonly request: ReceivedRequest;
  readonly url: URL;
  readonly requestId: string;
  readonly clientRequestId: string;
  readonly now: number;
}

/** Gives the request its ids. `origin` makes its url absolute, dots and all, as a server's front door does. */
export function createCall(request: ReceivedRequest, origin: string, now: number, outer?: Call): Call {
  const requestId = outer?.requestId ?? randomUUID();
  return {
    request,
    url: new URL(origin + request.url),
    requestId,
    clientRequestId: request.headers['client-request-id'] ?? outer?.clientRequestId ?? requestId,
    now,
  };
}

/** An answer with a JSON body. */
export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'Content-Type': JSON_TYPE, ...headers },
  body,
});

const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

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

/** What Graph's front door adds to every answer, scripted ones included. */
export function withGraphHeaders(answer: Answer, call: Call): Answer {
  const headers: Record<string, string> = {
    'Cache-Control': 'no-store',
    'Strict-Transport-Security': 'max-age=31536000',
    'request-id': call.requestId,
    'client-request-id': call.clientRequestId,
    'x-ms-ags-diagnostic':
      '{"ServerInfo":{"DataCenter":"Emulator","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"EMULATOR0001"}}',
    'OData-Version': '4.0',
    Date: new Date(call.now).toUTCString(),
    ...(typeof answer.body === 'object' ? { 'Content-Type': JSON_TYPE } : {}),
  };
  // A scripted header replaces ours however it is written, instead of standing beside it.
  for (const [name, value] of Object.entries(answer.headers)) {
    const ours = Object.keys(headers).find((one) => one.toLowerCase() === name.toLowerCase());
    headers[ours ?? name] = value;
  }
  return { ...answer, headers };
}
