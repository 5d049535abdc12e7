import type { Watch } from './watched-numbers.ts';

export type WatchedCache = 'verified_tokens' | 'graph_tokens' | 'documents' | 'persisted_queries';

/**
 * Shows how full a cache is and what it had to let go.
 * @param size how many entries it holds
 * @returns lru-cache's `dispose`, which counts what goes for want of room
 */
export function watchCache(
  watch: Watch | undefined,
  cache: WatchedCache,
  size: () => number,
): (value: unknown, key: unknown, reason: string) => void {
  let evictions = 0;
  watch?.(`${cache}.entries`, size);
  watch?.(`${cache}.evictions`, () => evictions);
  return (_value, _key, reason) => {
    if (reason === 'evict') evictions += 1;
  };
}
