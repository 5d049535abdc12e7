import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/outcome.ts';

/** What Entra adds to every answer, scripted ones included. */
export function withEntraHeaders({ headers, ...answer }: Answer, now: number): Answer {
  const type = answer.body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' };
  const common = {
    'Cache-Control': 'no-store, no-cache',
    Pragma: 'no-cache',
    Date: new Date(now).toUTCString(),
    'x-ms-request-id': randomUUID(),
    'x-ms-ests-server': '2.1.0 - EMULATOR',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'X-Content-Type-Options': 'nosniff',
  };
  return { ...answer, headers: { ...common, ...type, ...headers } };
}
