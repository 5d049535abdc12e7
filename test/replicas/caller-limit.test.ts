import { expect, test } from 'vitest';
import { createCallerLimit } from '../../src/replicas/caller-limit.ts';

test('each caller has so many points in a minute, and what does not fit costs nothing', () => {
  let now = 0;
  const limit = createCallerLimit({ pointsPerMinute: 10, clock: () => now });
  expect(limit.spend('ada', 7)).toBeUndefined();
  now = 20_000;
  expect(limit.spend('ada', 4)).toBe(40_000);
  expect(limit.spend('ada', 3)).toBeUndefined();
  expect(limit.spend('ada', 1)).toBe(40_000);
  expect(limit.spend('grace', 10)).toBeUndefined();
  now = 60_000;
  expect(limit.spend('ada', 10)).toBeUndefined();
});

test('without a limit everything is allowed', () => {
  expect(createCallerLimit({ pointsPerMinute: 0 }).spend('ada', 1_000_000)).toBeUndefined();
});
