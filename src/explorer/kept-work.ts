import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/**
 * What the explorer's tabs held when sign-in began. A page that was opened at 127.0.0.1 signs in at localhost, which for
 * a browser is another place with a storage of its own; so the page leaves its work here, and finds it there.
 */
export interface KeptWork {
  /** @returns a random handle; undefined when it is more than may be kept */
  put(work: string): string | undefined;
  /** For the page that it is delivered to; once. */
  take(handle: string | undefined): string | undefined;
}

/**
 * A document of 64 KiB, which is the longest that the gateway takes, may be in several tabs, in the history and in the
 * operation that waits, and JSON text in JSON text is longer.
 */
export const MAX_WORK_BYTES = 1024 * 1024;
/** Work that waits to be delivered: pieces, and bytes of all. */
const MAX_KEPT = 20;
const MAX_KEPT_BYTES = 20 * 1024 * 1024;
/** Of a character in memory, where one of them is no Latin-1. */
const BYTES_OF_CHARACTER = 2;
/** Longer than a sign-in may take: one that took too long is begun again with it. */
const KEPT_LIFE_MS = 60 * 60 * 1000;

export function createKeptWork(): KeptWork {
  const kept = new LRUCache<string, string>({
    max: MAX_KEPT,
    maxSize: MAX_KEPT_BYTES,
    sizeCalculation: (work) => work.length * BYTES_OF_CHARACTER,
    ttl: KEPT_LIFE_MS,
  });
  return {
    put(work) {
      // As it is written anew it may be longer than it came.
      if (work.length > MAX_WORK_BYTES) return undefined;
      const handle = randomBytes(32).toString('base64url');
      kept.set(handle, work);
      return handle;
    },
    take(handle) {
      if (handle === undefined) return undefined;
      const work = kept.get(handle);
      kept.delete(handle);
      return work;
    },
  };
}
