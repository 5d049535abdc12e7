import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { SIGN_IN_LIFE_MS } from './sign-in/pending-sign-ins.ts';

/**
 * What the explorer's tabs held when sign-in began. A page that was opened at 127.0.0.1 signs in at localhost, which for
 * a browser is another place with a storage of its own; so the page leaves its work here, and finds it there.
 */
export interface KeptWork {
  /** @returns a random handle */
  put(work: string): string;
  /** Once. */
  take(handle: string | null): string | undefined;
}

export const MAX_WORK_CHARACTERS = 64 * 1024;
const MAX_KEPT = 20;

export function createKeptWork(): KeptWork {
  const kept = new LRUCache<string, string>({ max: MAX_KEPT, ttl: SIGN_IN_LIFE_MS });
  return {
    put(work) {
      const handle = randomBytes(32).toString('base64url');
      kept.set(handle, work);
      return handle;
    },
    take(handle) {
      const work = kept.get(handle ?? '');
      kept.delete(handle ?? '');
      return work;
    },
  };
}
