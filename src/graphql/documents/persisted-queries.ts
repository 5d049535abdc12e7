import { LRUCache } from 'lru-cache';

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

export function createPersistedQueryCache(): PersistedQueryCache {
  const texts = new LRUCache<string, string>({
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (text, hash) => text.length + hash.length,
    ttl: LIFE_MS,
  });
  return {
    get: async (key) => texts.get(key),
    async set(key, text) {
      texts.set(key, text);
    },
    delete: async (key) => texts.delete(key),
    textOf: (hash) => texts.get(PREFIX + hash),
  };
}
