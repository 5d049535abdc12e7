import { hash } from 'node:crypto';
import type { RedisLink } from './redis-link.ts';
import type { SealedPlaces } from './sealed-places.ts';
import { textOrNothing } from './text-or-nothing.ts';

/** Texts of persisted queries that other processes were sent, behind each process's own memory. */
export interface SharedTexts {
  /**
   * @param sha256 of the text, in lower-case hexadecimal
   * @returns a text with this hash, or undefined, at once or within 50 ms. Never rejects
   */
  get(sha256: string): Promise<string | undefined> | undefined;
  /** Stores a text; nobody waits for it. */
  set(sha256: string, text: string): void;
}

export interface SharedTextsOptions {
  readonly link: RedisLink;
  readonly places: SealedPlaces;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

const SHA256 = /^[0-9a-f]{64}$/;
const LIFE_MS = 24 * 60 * 60 * 1000;
/** No longer document is let in. */
const MAX_TEXT_LENGTH = 64 * 1024;
/**
 * What one process adds in an hour: more than all queries of some apps. Whoever sends invented ones without end must not
 * fill Redis; what is not stored there is in the process's own memory all the same.
 */
const MAX_LENGTH_PER_HOUR = 4 * 1024 * 1024;
const HOUR_MS = 60 * 60 * 1000;

/** A query may hold ids, so it is sealed too: the hash, which only clients know, is what opens it. */
export function createSharedTexts({ link, places, clock }: SharedTextsOptions): SharedTexts {
  let hourEndsAt = 0;
  let stored = 0;

  function isTooMuch(length: number): boolean {
    const now = clock();
    if (now >= hourEndsAt) {
      hourEndsAt = now + HOUR_MS;
      stored = 0;
    }
    if (stored + length > MAX_LENGTH_PER_HOUR) return true;
    stored += length;
    return false;
  }

  return {
    get(sha256) {
      if (!link.usable || !SHA256.test(sha256)) return undefined;
      const place = places.of('query', sha256);
      return link.ask(['GET', place.key], textOrNothing)?.then((sealed) => {
        const text = sealed === undefined ? undefined : place.open(sealed);
        return text !== undefined && hash('sha256', text) === sha256 ? text : undefined;
      });
    },
    set(sha256, text) {
      if (!link.usable || !SHA256.test(sha256) || text.length > MAX_TEXT_LENGTH || isTooMuch(text.length)) return;
      const place = places.of('query', sha256);
      void link.ask(['SET', place.key, place.seal(text), 'PX', String(LIFE_MS)], textOrNothing);
    },
  };
}
