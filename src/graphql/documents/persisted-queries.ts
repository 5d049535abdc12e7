import { LRUCache } from 'lru-cache';
import { watchCache } from '../../observability/telemetry/watch-cache.ts';
import type { Watch } from '../../observability/telemetry/watched-numbers.ts';
import type { SharedTexts } from '../../replicas/shared-texts.ts';

/** Texts of automatic persisted queries, by their hashes, as Apollo wants to find them. */
export interface PersistedQueryCache {
  get(hash: string): Promise<string | undefined>;
  set(hash: string, text: string): Promise<void>;
  delete(hash: string): Promise<boolean>;
  /** The same as `get`, where the text is at hand. */
  textOf(hash: string): string | undefined;
}

/** Any caller may add to them, so all together they take no more; a client whose text is gone sends it again. */
const REMEMBERED_CHARACTERS = 4 * 1024 * 1024;
const LIFE_MS = 24 * 60 * 60 * 1000;
/** What Apollo puts before each hash. */
const PREFIX = 'apq:';

export interface PersistedQueryOptions {
  /** What other processes were sent, asked for what this one was not. */
  readonly shared?: SharedTexts | undefined;
  readonly watch?: Watch | undefined;
}

export function createPersistedQueryCache({ shared, watch }: PersistedQueryOptions = {}): PersistedQueryCache {
  const texts: LRUCache<string, string> = new LRUCache<string, string>({
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (text, hash) => text.length + hash.length,
    ttl: LIFE_MS,
    dispose: watchCache(watch, 'persisted_queries', () => texts.size),
  });
  return {
    async get(key) {
      const known = texts.get(key) ?? (await shared?.get(key.slice(PREFIX.length)));
      if (known !== undefined) texts.set(key, known);
      return known;
    },
    async set(key, text) {
      texts.set(key, text);
      shared?.set(key.slice(PREFIX.length), text);
    },
    delete: async (key) => texts.delete(key),
    textOf: (hash) => texts.get(PREFIX + hash),
  };
}
