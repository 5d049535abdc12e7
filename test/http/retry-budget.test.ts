import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRetryBudget } from '../../src/http/retry-budget.ts';

function scene() {
  let now = 0;
  const budget = createRetryBudget(() => now);
  return {
    calls(count: number) {
      for (let call = 0; call < count; call += 1) budget.countCall();
    },
    /** How many of so many repetitions are allowed. */
    take: (wanted: number) => Array.from({ length: wanted }, () => budget.take()).filter(Boolean).length,
    pass(milliseconds: number) {
      now += milliseconds;
    },
  };
}

it('gives some repetitions to a process that has hardly called', () => {
  const { calls, take } = scene();
  calls(1);
  expect(take(10)).toBe(10);
  expect(take(1_000)).toBe(41);
});

it('gives a fifth of the recent calls beside them', () => {
  const { calls, take, pass } = scene();
  calls(500);
  pass(5_000);
  calls(500);
  expect(take(9_999)).toBe(250);
});

it('forgets calls and repetitions after ten seconds', () => {
  const { calls, take, pass } = scene();
  calls(1_000);
  expect(take(9_999)).toBe(250);
  pass(4_999);
  expect(take(9_999)).toBe(0);
  pass(10_001);
  expect(take(9_999)).toBe(50);
});

it('keeps an outage from being multiplied, however long and in whatever rhythm', () => {
  const seconds = fc.array(fc.nat(400), { minLength: 30, maxLength: 60 });
  fc.assert(
    fc.property(seconds, (callsPerSecond) => {
      const { calls, take, pass } = scene();
      let repeated = 0;
      for (const count of callsPerSecond) {
        calls(count);
        repeated += take(count * 3);
        pass(1_000);
      }
      const called = callsPerSecond.reduce((sum, count) => sum + count, 0);
      // Of each window a fifth and the floor, and what the windows before it had left.
      expect(repeated).toBeLessThanOrEqual(called * 0.4 + 50 * Math.ceil(callsPerSecond.length / 5 + 1));
    }),
    { numRuns: 50 },
  );
});
