import type { IncomingHttpHeaders } from 'node:http';
import { retryAfterMs } from './retry-after.ts';

/** Header values by name in lower case, each one text. */
export type HttpHeaders = Readonly<Record<string, string | undefined>>;

/**
 * Makes one text of each header: undici gives an array for a header that came twice, as happens where a proxy adds its
 * own. Challenges are a list and stay one; of two waits the longer counts, because a wait is never shortened; of
 * everything else the first counts.
 */
export function singleHeaders(headers: IncomingHttpHeaders): HttpHeaders {
  let single: Record<string, string | undefined> | undefined;
  for (const name in headers) {
    const value = headers[name];
    if (!Array.isArray(value)) continue;
    single ??= { ...(headers as HttpHeaders) };
    single[name] = one(name, value);
  }
  return single ?? (headers as HttpHeaders);
}

function one(name: string, values: readonly string[]): string | undefined {
  if (name === 'www-authenticate') return values.join(', ');
  if (name !== 'retry-after') return values[0];
  const now = Date.now();
  const wait = (value: string) => retryAfterMs(value, now) ?? -1;
  return values.toSorted((some, other) => wait(other) - wait(some))[0];
}
