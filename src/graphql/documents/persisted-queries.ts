import { LRUCache } from 'lru-cache';
import type { SharedTexts } from '../../replicas/shared-texts.ts';

/** Texts of automatic persisted queries, by their hashes, as Apollo wants to find them. */
export interface PersistedQueryCache {
  get(hash: string): Promise<string | undefined>;
  set(hash: string, text: string): Promise<void>;
  delete(hash: string): Promise<boolean>;
}

/** Any caller may add to them, so all together they take no more; a client whose text is gone sends it again. */
const REMEMBERED_CHARACTERS = 4 * 1024 * 1024;
const LIFE_MS = 24 * 60 * 60 * 1000;
/** What Apollo puts before the hash. */
const PREFIX = /^apq:/;

/** @param shared what other processes were sent, asked for what this one was not */
export function createPersistedQueryCache(shared?: SharedTexts | undefined): PersistedQueryCache {
  const texts = new LRUCache<string, string>({
    maxSize: REMEMBERED_CHARACTERS,
    sizeCalculation: (text, hash) => text.length + hash.length,
    ttl: LIFE_MS,
  });
  return {
    async get(hash) {
      const known = texts.get(hash) ?? (await shared?.get(hash.replace(PREFIX, '')));
      if (known !== undefined) texts.set(hash, known);
      return known;
    },
    async set(hash, text) {
      texts.set(hash, text);
      shared?.set(hash.replace(PREFIX, ''), text);
    },
    delete: async (hash) => texts.delete(hash),
  };
}
