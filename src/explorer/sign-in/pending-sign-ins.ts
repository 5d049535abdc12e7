import { randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** What a sign-in is for. One that failed is begun again with it. */
export interface SignInPurpose {
  readonly returnTo: string;
  /** JSON text of a claims challenge that it has to meet. */
  readonly claims?: string | undefined;
  /** The handle of the work of the page that began it. */
  readonly kept?: string | undefined;
}

/** What must be known again when Entra sends the browser back. */
export interface PendingSignIn extends SignInPurpose {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** Sign-ins that were begun and have not come back. Each is found once, by the browser that began it. */
export interface PendingSignIns {
  /** Keeps it; returns the secret handle that the browser holds in a cookie. */
  add(pending: PendingSignIn): string;
  /** The sign-in of this `state`, if the browser's handle belongs to it; once, and not when it took too long. */
  take(state: string, handle: string | undefined): PendingSignIn | undefined;
  /**
   * What the sign-in of this `state` is or was for, also when it is over. It signs nobody in, so the cookie, which ends
   * with the sign-in, is not asked for: who knows the random `state` may know it.
   */
  purposeOf(state: string): SignInPurpose | undefined;
}

/** As long as a person may take at Entra, MFA and a forgotten password included. */
export const SIGN_IN_LIFE_MS = 10 * 60 * 1000;
/** Each is a few KiB at most. Who begins more pushes out the oldest, outside production only. */
const MAX_PENDING = 200;

/** @param clock milliseconds since 1970 */
export function createPendingSignIns(clock: () => number = Date.now): PendingSignIns {
  const kept = new LRUCache<string, { pending: PendingSignIn; handle: string | undefined; until: number }>({
    max: MAX_PENDING,
  });
  return {
    add(pending) {
      const handle = randomBytes(32).toString('base64url');
      kept.set(pending.state, { pending, handle, until: clock() + SIGN_IN_LIFE_MS });
      return handle;
    },
    take(state, handle) {
      const entry = kept.get(state);
      if (entry?.handle === undefined || handle === undefined || !isSame(entry.handle, handle)) return undefined;
      entry.handle = undefined;
      return clock() < entry.until ? entry.pending : undefined;
    },
    purposeOf: (state) => kept.get(state)?.pending,
  };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
