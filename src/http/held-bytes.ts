import { getHeapStatistics } from 'node:v8';

/**
 * What callers make the process hold while their operations run: large bodies that they sent, and what Graph answered.
 * Numbers of requests do not bound it, because a request may be small or very large.
 */
export interface HeldBytes {
  /** Counts bytes for a caller. @returns false, and counts nothing, when it would be too much */
  take(callerKey: string, bytes: number): boolean;
  /** The operation that took them is over. */
  give(callerKey: string, bytes: number): void;
}

/** Text stands in memory as text, as an object, and as the text of an answer or of a request that is sent on. */
const COPIES = 4;
/** The rest of the heap is for everything else. */
const SHARE_OF_HEAP = 1 / 3;
/** So that one caller alone never is the reason why another one is refused. */
const SHARE_OF_CALLER = 1 / 4;

/** @param maxBytes of all callers; without it what the heap allows: 37 MiB with `--max-old-space-size=256` */
export function createHeldBytes(maxBytes = (getHeapStatistics().heap_size_limit * SHARE_OF_HEAP) / COPIES): HeldBytes {
  const maxBytesOfCaller = maxBytes * SHARE_OF_CALLER;
  const byCaller = new Map<string, number>();
  let sum = 0;
  return {
    take(callerKey, bytes) {
      const own = (byCaller.get(callerKey) ?? 0) + bytes;
      if (own > maxBytesOfCaller || sum + bytes > maxBytes) return false;
      byCaller.set(callerKey, own);
      sum += bytes;
      return true;
    },
    give(callerKey, bytes) {
      const own = (byCaller.get(callerKey) ?? 0) - bytes;
      if (own > 0) byCaller.set(callerKey, own);
      else byCaller.delete(callerKey);
      sum -= bytes;
    },
  };
}
