import { randomUUID } from 'node:crypto';
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
