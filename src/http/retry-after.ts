/**
 * Reads a `Retry-After` value (RFC 9110, 10.2.3): seconds, or an HTTP date.
 * @param now milliseconds since 1970
 * @returns milliseconds to wait, at least 0; undefined when absent or malformed, so that a backoff takes its place
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Only the IMF-fixdate form: Date.parse alone would take "-1" or "3.5" for a date.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
