import { LRUCache } from 'lru-cache';
import { atMost } from '../cache-limit.ts';
import type { SharedCount, SharedMinute } from './shared-count.ts';

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
  /** What other processes count; without it each has a count of its own only. */
  readonly shared?: SharedCount | undefined;
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

/** Counts in this process's own memory, always, and with others where they can be asked: the larger count holds. */
export function createCallerLimit({ pointsPerMinute, shared, clock = Date.now }: CallerLimitOptions): CallerLimit {
  const minutes = new LRUCache<string, Minute>(atMost(MAX_CALLERS));
  return {
    spend(callerKey, points) {
      if (pointsPerMinute === 0) return undefined;
      const refused = wouldExceed(callerKey, points);
      if (refused !== undefined) return refused;
      const answer = shared?.spend(callerKey, points, pointsPerMinute);
      return answer === undefined ? spendHere(callerKey, points) : answer.then(merge);

      function merge(theirs: SharedMinute | undefined): number | undefined {
        if (theirs === undefined) return spendHere(callerKey, points);
        if (theirs.granted) {
          const over = spendHere(callerKey, points);
          learn(callerKey, theirs);
          return over;
        }
        learn(callerKey, theirs);
        return theirs.endsInMs;
      }
    },
  };

  function minuteOf(callerKey: string): Minute {
    const now = clock();
    let minute = minutes.get(callerKey);
    if (minute === undefined || now >= minute.endsAt) {
      minute = { spent: 0, endsAt: now + WINDOW_MS };
      minutes.set(callerKey, minute);
    }
    return minute;
  }

  function wouldExceed(callerKey: string, points: number): number | undefined {
    const { spent, endsAt } = minuteOf(callerKey);
    return spent + points > pointsPerMinute ? endsAt - clock() : undefined;
  }

  function spendHere(callerKey: string, points: number): number | undefined {
    const refused = wouldExceed(callerKey, points);
    if (refused === undefined) minuteOf(callerKey).spent += points;
    return refused;
  }

  /** So that the count stays when Redis goes, and who has spent all is refused without asking. */
  function learn(callerKey: string, { spent, endsInMs }: SharedMinute) {
    const minute = minuteOf(callerKey);
    if (spent <= minute.spent) return;
    minute.spent = spent;
    minute.endsAt = clock() + endsInMs;
  }
}
