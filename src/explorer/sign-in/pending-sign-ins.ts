import { randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** What must be known again when Entra sends the browser back. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly returnTo: string;
  /** The work of the page that began it, as text. */
  readonly kept?: string | undefined;
}

/** Sign-ins that were begun and have not come back. Each is found once, by the browser that began it. */
export interface PendingSignIns {
  /** Keeps it; returns the secret handle that the browser holds in a cookie. */
  add(pending: PendingSignIn): string;
  /** The sign-in of this `state`, if the browser's handle belongs to it; it is forgotten at once. */
  take(state: string, handle: string | undefined): PendingSignIn | undefined;
}

/** As long as a person may take at Entra, MFA and a forgotten password included. */
export const SIGN_IN_LIFE_MS = 10 * 60 * 1000;
/** At most 64 KiB each with the work of the page, commonly 1. Who begins more pushes out the oldest, outside production only. */
const MAX_PENDING = 200;

/** @param clock milliseconds since 1970 */
export function createPendingSignIns(clock: () => number = Date.now): PendingSignIns {
  const kept = new LRUCache<string, { pending: PendingSignIn; handle: string; until: number }>({ max: MAX_PENDING });
  return {
    add(pending) {
      const handle = randomBytes(32).toString('base64url');
      kept.set(pending.state, { pending, handle, until: clock() + SIGN_IN_LIFE_MS });
      return handle;
    },
    take(state, handle) {
      const entry = kept.get(state);
      if (entry === undefined || handle === undefined || !isSame(entry.handle, handle)) return undefined;
      kept.delete(state);
      return clock() < entry.until ? entry.pending : undefined;
    },
  };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
