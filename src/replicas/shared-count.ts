import { createHmac, hash } from 'node:crypto';
import { KEY_PREFIX } from './key-prefix.ts';
import type { RedisLink } from './redis-link.ts';

/** What all processes together know of a caller's minute. */
export interface SharedMinute {
  /** Whether the points were spent. */
  readonly granted: boolean;
  /** Points spent in this minute by all processes, those just granted among them. */
  readonly spent: number;
  /** Milliseconds until the minute is over. */
  readonly endsInMs: number;
}

export interface SharedCount {
  /**
   * Spends points for a caller, or none of them when so many are not left.
   * @returns undefined, at once or within 50 ms, when Redis does not say
   */
  spend(callerKey: string, points: number, limit: number): Promise<SharedMinute | undefined> | undefined;
}

export interface SharedCountOptions {
  readonly link: RedisLink;
  /** What is counted. */
  readonly name: 'requests' | 'graph';
  /** `SHARED_CACHE_SECRET`: keys must not say who called. */
  readonly secret: string;
  readonly deployment: readonly string[];
}

const WINDOW_MS = 60_000;

/**
 * A count that is no number is nobody's count. A key always expires, within the minute.
 * KEYS: the caller's minute. ARGV: points, limit, length of a minute in ms. Returns granted (1 or 0), spent, ms left.
 */
const SPEND = `
local spent = tonumber(redis.call('GET', KEYS[1]) or '0') or 0
local points, limit, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local left = redis.call('PTTL', KEYS[1])
if left < 1 or left > window then left = window end
if spent + points > limit then
  redis.call('PEXPIRE', KEYS[1], left)
  return {0, spent, left}
end
redis.call('SET', KEYS[1], string.format('%.0f', spent + points), 'PX', left)
return {1, spent + points, left}`;

/** Our own script: the limiters that are to be had count what they refuse, or know one count instead of two. */
export function createSharedCount({ link, name, secret, deployment }: SharedCountOptions): SharedCount {
  // Before what is hashed, always as long: on this route it costs a tenth of an HMAC, and hides callers as well.
  const pepper = createHmac('sha256', secret)
    .update(JSON.stringify([KEY_PREFIX, name, ...deployment]))
    .digest('hex');
  return {
    spend(callerKey, points, limit) {
      if (!link.usable) return undefined;
      const key = `${KEY_PREFIX}${name}:${hash('sha256', pepper + callerKey, 'base64url')}`;
      return link.run({ source: SPEND, key, args: [points, limit, WINDOW_MS].map(String) }, readMinute);
    },
  };
}

function readMinute(reply: unknown): SharedMinute {
  if (!Array.isArray(reply)) throw new TypeError('expected a list');
  const [granted, spent, endsInMs] = reply as unknown[];
  if (!isWithin(granted, 1) || !isWithin(spent, Number.MAX_SAFE_INTEGER) || !isWithin(endsInMs, WINDOW_MS)) {
    throw new TypeError('expected numbers of a minute');
  }
  return { granted: granted === 1, spent, endsInMs };
}

function isWithin(value: unknown, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max;
}
