import { LRUCache } from 'lru-cache';

/** Texts of automatic persisted queries, by their hashes, as Apollo wants to find them. */
export interface PersistedQueryCache {
  get(hash: string): Promise<string | undefined>;
  set(hash: string, text: string): Promise<void>;
  delete(hash: string): Promise<boolean>;
}

/** Any caller may add to them, so all together they take no more; a client whose text is gone sends it again. */
const REMEMBERED_CHARACTERS = 4 * 1024 * 1024;
const LIFE_MS = 24 * 60 * 60 * 1000;

export function createPersistedQueryCache(): PersistedQueryCache {
  const texts = new LRUCache<string, string>({
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (text, hash) => text.length + hash.length,
    ttl: LIFE_MS,
  });
  return {
    get: async (hash) => texts.get(hash),
    async set(hash, text) {
      texts.set(hash, text);
    },
    delete: async (hash) => texts.delete(hash),
  };
}
