/**
 * Why an HTTP exchange gave no answer.
 * - `refused`, `unreachable`: no connection (the latter: name not resolved, connect timed out, TLS failed)
 * - `broken`: the connection ended before the answer did
 * - `slow`: connected, but headers or body took longer than one attempt may
 * - `too-large`: the body passed the limit and was not read on
 * - `timeout`, `cancelled`: the operation's budget ended
 */
export const httpFailureKinds = [
  'refused',
  'unreachable',
  'broken',
  'slow',
  'too-large',
  'timeout',
  'cancelled',
] as const;

/** One of them, or a name for what is none. */
export type FailureKind = (typeof httpFailureKinds)[number] | 'other';

/** Why there was no answer, in a word of a closed set, whatever was thrown. */
export function failureKind(failure: unknown): FailureKind {
  const kind: unknown = typeof failure === 'object' && failure !== null && 'kind' in failure ? failure.kind : undefined;
  return httpFailureKinds.find((known) => known === kind) ?? 'other';
}
