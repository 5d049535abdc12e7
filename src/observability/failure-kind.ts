/** The kinds of a failed HTTP exchange, as `http/` names them, and a name for what is none. */
const KINDS = ['refused', 'unreachable', 'broken', 'slow', 'too-large', 'timeout', 'cancelled', 'other'] as const;

export type FailureKind = (typeof KINDS)[number];

/** Why there was no answer, in a word of a closed set, whatever was thrown. */
export function failureKind(failure: unknown): FailureKind {
  const kind: unknown = typeof failure === 'object' && failure !== null && 'kind' in failure ? failure.kind : undefined;
  return KINDS.find((known) => known === kind) ?? 'other';
}
