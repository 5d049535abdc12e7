import type { HttpFailureKind } from './http-failure.ts';

/** `read`: asking twice does no harm (an exchange too). `update`, any change: only what was certainly not done is sent again. */
export type Intent = 'read' | 'update';

export interface AttemptFailure {
  /** The HTTP status, when there was an answer that made sense. */
  readonly status?: number | undefined;
  /** What broke, when there was none. */
  readonly kind?: HttpFailureKind | 'senseless' | undefined;
  /** What `Retry-After` asked for. */
  readonly retryAfterMs?: number | undefined;
}

/** As Microsoft's own JavaScript client: three retries. */
const MAX_RETRIES = 3;
const BASE_MS = 250;
const CAP_MS = 8_000;
const READ_STATUSES = new Set([429, 500, 502, 503, 504]);
const UPDATE_STATUSES = new Set([429, 503]);
const READ_KINDS = new Set(['refused', 'unreachable', 'broken']);

/**
 * Decides whether a failed attempt is made again, and when.
 * @param attempt how many attempts were made, from 1
 * @param random from 0 to 1, for the jitter
 * @returns milliseconds to wait, or undefined when it must not be made again. `Retry-After` is neither cut nor jittered;
 * without it the wait is a backoff with full jitter.
 */
export function retryDelay(
  failure: AttemptFailure,
  intent: Intent,
  attempt: number,
  random: number,
): number | undefined {
  if (attempt > MAX_RETRIES || !mayRepeat(failure, intent)) return undefined;
  return failure.retryAfterMs ?? backoff(attempt, random);
}

/** The wait before attempt `attempt + 1` when nobody named one. */
export function backoff(attempt: number, random: number): number {
  return Math.round(random * Math.min(CAP_MS, BASE_MS * 2 ** attempt));
}

function mayRepeat({ status, kind }: AttemptFailure, intent: Intent): boolean {
  if (intent === 'update') return status === undefined ? kind === 'refused' : UPDATE_STATUSES.has(status);
  return status === undefined ? READ_KINDS.has(kind ?? '') : READ_STATUSES.has(status);
}
