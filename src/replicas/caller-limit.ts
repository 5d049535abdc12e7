import { LRUCache } from 'lru-cache';

/** What each caller may spend in a minute: requests to the gateway, or requests that these cause to Graph. */
export interface CallerLimit {
  /**
   * Spends `points` for a caller, or none of them when so many are not left.
   * @returns undefined when they are spent, else the milliseconds until the caller's minute is over. A promise only where
   * other processes must be asked
   */
  spend(callerKey: string, points: number): number | undefined | Promise<number | undefined>;
}

export interface CallerLimitOptions {
  /** Points in a minute; 0 allows everything. */
  readonly pointsPerMinute: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

const WINDOW_MS = 60_000;
/** Callers who are counted: about 150 bytes each. Who is pushed out starts anew. */
const MAX_CALLERS = 50_000;

interface Minute {
  spent: number;
  endsAt: number;
}

/** Counts in this process's own memory. */
export function createCallerLimit({ pointsPerMinute, clock = Date.now }: CallerLimitOptions): CallerLimit {
  const minutes = new LRUCache<string, Minute>({ max: MAX_CALLERS });
  return {
    spend(callerKey, points) {
      if (pointsPerMinute === 0) return undefined;
      const now = clock();
      let minute = minutes.get(callerKey);
      if (minute === undefined || now >= minute.endsAt) {
        minute = { spent: 0, endsAt: now + WINDOW_MS };
        minutes.set(callerKey, minute);
      }
      if (minute.spent + points > pointsPerMinute) return minute.endsAt - now;
      minute.spent += points;
      return undefined;
    },
  };
}
