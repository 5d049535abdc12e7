/** @returns a text, undefined for the reply that there is none. @throws for any other reply */
export function textOrNothing(reply: unknown): string | undefined {
  if (typeof reply === 'string') return reply;
  if (reply === null) return undefined;
  throw new TypeError('expected a text');
}
