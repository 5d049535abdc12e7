import type { RedisLink } from './redis-link.ts';
import type { SealedPlaces } from './sealed-places.ts';
import { textOrNothing } from './text-or-nothing.ts';

/** A Graph token, and when it was had. Both times are milliseconds since 1970. */
export interface SharedToken {
  readonly token: string;
  /** Until when it is used: the margin before the end that Entra gave it is taken off already. */
  readonly expiresAt: number;
  /** When it was exchanged: of two tokens the later one has what a challenge of Graph asked for. */
  readonly obtainedAt: number;
}

/** Whose token it is: an `AuthenticatedCaller`. */
export interface TokenOwner {
  /** The caller's own token. */
  readonly assertion: string;
  /** When that ends, in Unix seconds. */
  readonly expiresAt: number;
}

/**
 * Graph tokens that other processes exchanged, behind each process's own cache: asked when that has none, told after
 * each exchange. It never throws; whatever is wrong with Redis or with what is stored there is a miss.
 */
export interface SharedTokens {
  /**
   * The token that some process got for this caller.
   * @param rejected the token that Graph refused: only one that was had later is an answer, so that it is tried before a
   * new exchange, and an older one is not
   * @returns undefined at once while Redis is away, or after 50 ms at most when there is none
   */
  get(
    owner: TokenOwner,
    rejected?: Pick<SharedToken, 'token' | 'obtainedAt'>,
  ): Promise<SharedToken | undefined> | undefined;
  /**
   * Stores what an exchange brought, in the place of what is there: also when it was for claims, or because Graph refused
   * the other. Nobody waits for it. Refusals are never stored.
   */
  set(owner: TokenOwner, token: SharedToken): void;
}

export interface SharedTokensOptions {
  readonly link: RedisLink;
  readonly places: SealedPlaces;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** As for Graph's tokens: nothing is left of the caller's own when a process that just found it calls Graph. */
const MAX_SKEW_MS = 60_000;

/** The place of a token, and the key that opens it, come from the caller's own token: who has it not finds neither. */
export function createSharedTokens({ link, places, clock }: SharedTokensOptions): SharedTokens {
  return {
    get({ assertion }, rejected) {
      if (!link.usable) return undefined;
      const place = places.of('token', assertion);
      return link.ask(['GET', place.key], textOrNothing)?.then((sealed) => {
        const token = sealed === undefined ? undefined : readToken(place.open(sealed));
        if (token === undefined || token.expiresAt <= clock()) return undefined;
        if (rejected === undefined) return token;
        return token.token !== rejected.token && token.obtainedAt > rejected.obtainedAt ? token : undefined;
      });
    },
    set({ assertion, expiresAt }, token) {
      if (!link.usable) return;
      const callersLife = expiresAt * 1000 - token.obtainedAt;
      const callersEnd = expiresAt * 1000 - Math.min(MAX_SKEW_MS, callersLife / 10);
      const life = Math.floor(Math.min(token.expiresAt, callersEnd) - clock());
      if (life < 1) return;
      const place = places.of('token', assertion);
      const sealed = place.seal(JSON.stringify([token.token, token.expiresAt, token.obtainedAt]));
      void link.ask(['SET', place.key, sealed, 'PX', String(life)], textOrNothing);
    },
  };
}

function readToken(text: string | undefined): SharedToken | undefined {
  if (text === undefined) return undefined;
  // Whoever sealed it had the caller's token: it is one of this gateway's processes, perhaps of another version.
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) return undefined;
  const [token, expiresAt, obtainedAt] = value as unknown[];
  if (typeof token !== 'string' || typeof expiresAt !== 'number' || typeof obtainedAt !== 'number') return undefined;
  return { token, expiresAt, obtainedAt };
}
