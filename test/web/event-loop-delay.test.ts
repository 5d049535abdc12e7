import { expect, it, onTestFinished } from 'vitest';
import { type EventLoopDelay, watchEventLoopDelay } from '../../src/web/event-loop-delay.ts';

/** Keeps the event loop from turning. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function scene(): { delay: EventLoopDelay; nextSecond(): number; sameSecond(): number } {
  let now = 0;
  const delay = watchEventLoopDelay(() => now);
  onTestFinished(delay.close);
  return {
    delay,
    nextSecond() {
      now += 1_000;
      return delay.milliseconds();
    },
    sameSecond() {
      now += 999;
      const milliseconds = delay.milliseconds();
      now -= 999;
      return milliseconds;
    },
  };
}

it('tells how late the loop was in the last second, until the next is over', async () => {
  const { delay, nextSecond, sameSecond } = scene();
  expect(delay.milliseconds()).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 60));
  nextSecond();
  for (let turn = 0; turn < 3; turn += 1) {
    block(200);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const late = nextSecond();
  expect(late).toBeGreaterThan(50);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(sameSecond()).toBe(late);
  await expect.poll(nextSecond, { interval: 100 }).toBeLessThan(50);
});

it('sees a loop that turns less than once between two looks', () => {
  const { nextSecond } = scene();
  nextSecond();
  expect(nextSecond()).toBe(1_000);
});
