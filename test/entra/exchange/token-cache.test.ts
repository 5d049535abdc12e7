import { expect, it } from 'vitest';
import { createTokenCache } from '../../../src/entra/exchange/token-cache.ts';

/** A cache whose clock and timer a test moves. */
function scene(max = 10) {
  const time = { now: 0 };
  const timers: { work: () => void; at: number }[] = [];
  const schedule = (work: () => void, milliseconds: number) => void timers.push({ work, at: time.now + milliseconds });
  const cache = createTokenCache({ max, clock: () => time.now, schedule });
  return {
    cache,
    timers,
    advance(milliseconds: number) {
      time.now += milliseconds;
      for (const timer of timers.splice(0)) timer.at <= time.now ? timer.work() : timers.push(timer);
    },
  };
}

/** A token with its end. */
const tokenOf = (token: string, usableUntil: number) => ({ token, obtainedAt: 0, shared: false, usableUntil });

it('answers what it has until its time is over', () => {
  const { cache, advance } = scene();
  cache.set('ada', tokenOf('a', 1_000));
  advance(999);
  expect(cache.get('ada')).toMatchObject({ token: 'a' });
  advance(1);
  expect(cache.get('ada')).toBeUndefined();
});

it('lets go of a token within a minute after its time, although nobody asks', () => {
  const { cache, advance } = scene();
  cache.set('ada', tokenOf('a', 90_000));
  cache.set('ben', tokenOf('b', 1_000_000));
  advance(60_000);
  expect(cache.size).toBe(2);
  advance(60_000);
  expect(cache.size).toBe(1);
  expect(cache.get('ben')).toMatchObject({ token: 'b' });
});

it('has one timer for all that it holds, and none when it holds nothing', () => {
  const { cache, timers, advance } = scene();
  expect(timers).toHaveLength(0);
  for (const user of 'abcdefgh') cache.set(user, tokenOf(user, 10_000));
  expect(timers).toHaveLength(1);
  advance(60_000);
  expect([cache.size, timers.length]).toEqual([0, 0]);
  cache.set('ada', tokenOf('a', 200_000));
  expect(timers).toHaveLength(1);
});

it('keeps no more than it may', () => {
  const { cache } = scene(2);
  for (const user of 'abc') cache.set(user, tokenOf(user, 10_000));
  expect([cache.size, cache.get('a')]).toEqual([2, undefined]);
});
