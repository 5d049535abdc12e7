import { LRUCache } from 'lru-cache';
import { atMost } from '../../cache-limit.ts';
import type { GatewayError } from '../../errors.ts';
import { watchCache } from '../../observability/telemetry/watch-cache.ts';
import type { Watch } from '../../observability/telemetry/watched-numbers.ts';

/** What is known of one exchange. */
export type KnownExchange =
  | {
      readonly token: string;
      /** Milliseconds since 1970. */
      readonly obtainedAt: number;
      /** Another process exchanged it. */
      readonly shared: boolean;
    }
  | { readonly refusal: GatewayError };

type Entry = KnownExchange & {
  /** Milliseconds since 1970. */
  readonly usableUntil: number;
};

/** Bounded, and forgetful: what may not be used any more leaves memory within a minute, used or not. */
export interface TokenCache {
  /** Undefined once its time is over. */
  get(key: string): KnownExchange | undefined;
  set(key: string, entry: Entry): void;
  delete(key: string): void;
  readonly size: number;
}

export interface TokenCacheOptions {
  /** How many are kept; the one that nobody used for longest goes first. */
  readonly max: number;
  readonly clock: () => number;
  readonly watch?: Watch | undefined;
  /** Calls back once, after so many milliseconds; must not keep the process alive. */
  readonly schedule?: ((work: () => void, milliseconds: number) => void) | undefined;
}

const FORGET_EVERY_MS = 60_000;

export function createTokenCache({ max, clock, watch, schedule = later }: TokenCacheOptions): TokenCache {
  const entries: LRUCache<string, Entry> = new LRUCache<string, Entry>({
    ...atMost(max),
    dispose: watchCache(watch, 'graph_tokens', () => entries.size),
  });
  let scheduled = false;

  /** One timer for all, and none while there is nothing to forget. A walk over 100,000 entries takes some milliseconds. */
  function forgetLater() {
    if (scheduled) return;
    scheduled = true;
    schedule(() => {
      scheduled = false;
      const now = clock();
      for (const [key, { usableUntil }] of entries.entries()) if (usableUntil <= now) entries.delete(key);
      if (entries.size > 0) forgetLater();
    }, FORGET_EVERY_MS);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      return entry !== undefined && clock() < entry.usableUntil ? entry : undefined;
    },
    set(key, entry) {
      entries.set(key, entry);
      forgetLater();
    },
    delete: (key) => void entries.delete(key),
    get size() {
      return entries.size;
    },
  };
}

function later(work: () => void, milliseconds: number): void {
  setTimeout(work, milliseconds).unref();
}
