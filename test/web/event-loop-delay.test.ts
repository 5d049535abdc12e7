import { expect, it, onTestFinished } from 'vitest';
import { watchEventLoopDelay } from '../../src/web/event-loop-delay.ts';

/** Keeps the event loop from turning. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

it('tells how late the loop was in the last second in which somebody asked, and forgets it after the next', async () => {
  let now = 0;
  const delay = watchEventLoopDelay(() => now);
  onTestFinished(delay.close);
  expect(delay.milliseconds()).toBe(0);
  // The timer that measures must have been set before, and must run after.
  await expect
    .poll(
      async () => {
        block(300);
        await new Promise((resolve) => setTimeout(resolve, 1));
        now += 1_000;
        return delay.milliseconds();
      },
      { interval: 1 },
    )
    .toBeGreaterThan(100);
  const late = delay.milliseconds();
  now += 999;
  expect(delay.milliseconds()).toBe(late);
  await new Promise((resolve) => setTimeout(resolve, 60));
  await expect
    .poll(() => {
      now += 1_000;
      return delay.milliseconds();
    })
    .toBeLessThan(100);
});
