import type { Answer } from '../http/outcome.ts';
import type { Call } from './call.ts';
import { JSON_TYPE } from './json-answer.ts';

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
