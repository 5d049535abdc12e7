import { createHmac } from 'node:crypto';
import { KEY_PREFIX } from './key-prefix.ts';
import type { RedisLink } from './redis-link.ts';

/** "Graph throttles until ...", said once and known to all who call Graph for the same tenant and app. */
export interface SharedHoldBack {
  /** Graph asked this process for silence: tells the others, and those who start before it is over. */
  announce(milliseconds: number): void;
  /** Hears of silences that other processes were asked for, each time with the milliseconds that are left. */
  listen(listener: (milliseconds: number) => void): void;
}

export interface SharedHoldBackOptions {
  readonly link: RedisLink;
  /** `SHARED_CACHE_SECRET`. */
  readonly secret: string;
  /** Tenant, client and Graph's origin: others are not throttled with these. */
  readonly deployment: readonly string[];
}

/** As at the turnstile: a value that went wrong, or that somebody else wrote, must not silence the gateway for days. */
const MAX_MS = 60 * 60 * 1000;
/** A burst of 429 says the same many times; so much later is worth telling again. */
const WORTH_TELLING_MS = 100;

/**
 * Only the later end stays. Times are told as what is left of them, so that clocks need not agree.
 * KEYS: the silence. ARGV: milliseconds that the asking process knows of, or 0; the channel. Returns what is left.
 */
const TELL = `
local left, known = redis.call('PTTL', KEYS[1]), tonumber(ARGV[1])
if known > 0 and known > left then
  redis.call('SET', KEYS[1], '1', 'PX', known)
  redis.call('PUBLISH', ARGV[2], ARGV[1])
  return known
end
return left`;

export function createSharedHoldBack({ link, secret, deployment }: SharedHoldBackOptions): SharedHoldBack {
  const name = createHmac('sha256', secret)
    .update(JSON.stringify([KEY_PREFIX, 'silence', ...deployment]))
    .digest('base64url');
  const key = `${KEY_PREFIX}silence:${name}`;
  const channel = `${KEY_PREFIX}silence-of:${name}`;
  const listeners: ((milliseconds: number) => void)[] = [];
  let knownUntil = 0;
  /** While listeners are told, what they do must not be told back. */
  let telling = false;

  const left = () => Math.max(0, Math.ceil(knownUntil - performance.now()));

  link.subscribe(channel, (message) => hear(/^\d{1,12}$/.test(message) ? Number(message) : 0));
  // What others know is heard, and what this process heard while Redis was away is told.
  link.onConnected(tell);

  return {
    announce(milliseconds) {
      if (telling || !isNews(milliseconds)) return;
      know(milliseconds);
      tell();
    },
    listen(listener) {
      listeners.push(listener);
      if (left() > 0) listener(left());
    },
  };

  function tell() {
    link.run({ source: TELL, key, args: [String(left()), channel] }, wholeNumber)?.then((milliseconds) => {
      if (milliseconds !== undefined) hear(milliseconds);
    });
  }

  function hear(milliseconds: number) {
    if (!isNews(milliseconds)) return;
    know(milliseconds);
    telling = true;
    try {
      for (const listener of listeners) listener(left());
    } finally {
      telling = false;
    }
  }

  function isNews(milliseconds: number): boolean {
    return Math.min(milliseconds, MAX_MS) > left() + WORTH_TELLING_MS;
  }

  function know(milliseconds: number) {
    knownUntil = performance.now() + Math.min(milliseconds, MAX_MS);
  }
}

function wholeNumber(reply: unknown): number {
  if (typeof reply !== 'number' || !Number.isSafeInteger(reply)) throw new TypeError('expected a whole number');
  return reply;
}
