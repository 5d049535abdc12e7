import { LRUCache } from 'lru-cache';
import { atMost } from '../../cache-limit.ts';

/** Remembers for whom Graph takes no batches: each caller for himself, so that nobody can spoil them for others. */
export interface BatchRefusals {
  /** Whether to read one by one at once. */
  stands(callerKey: string): boolean;
  /** What became of an operation's batches: refused by Graph itself, or taken. */
  note(callerKey: string, refused: boolean): void;
}

/** One refusal may be an accident of this operation; the next operation confirms it or takes it back. */
const CONFIRMED = 2;
const LIFE_MS = 30_000;
/** About 100 bytes each. Who is pushed out wastes two requests. */
const MAX_CALLERS = 10_000;

/** @param clock milliseconds since 1970 */
export function createBatchRefusals(clock: () => number): BatchRefusals {
  const refusals = new LRUCache<string, { readonly times: number; readonly until: number }>(atMost(MAX_CALLERS));
  return {
    stands(callerKey) {
      const known = refusals.get(callerKey);
      return known !== undefined && known.times >= CONFIRMED && clock() < known.until;
    },
    note(callerKey, refused) {
      if (!refused) refusals.delete(callerKey);
      else refusals.set(callerKey, { times: (refusals.get(callerKey)?.times ?? 0) + 1, until: clock() + LIFE_MS });
    },
  };
}
