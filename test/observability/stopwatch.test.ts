import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStopwatch, timed } from '../../src/observability/stopwatch.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const pass = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);

it('adds up only the time in which it runs', () => {
  const watch = createStopwatch();
  expect(watch.elapsedMs()).toBe(0);
  pass(5);
  watch.start();
  pass(10);
  watch.stop();
  pass(100);
  watch.start();
  pass(20);
  expect(watch.elapsedMs()).toBe(30);
  watch.stop();
  expect(watch.elapsedMs()).toBe(30);
});

it('counts once what goes on side by side', () => {
  const watch = createStopwatch();
  watch.start();
  pass(10);
  watch.start();
  pass(10);
  watch.stop();
  pass(10);
  watch.stop();
  expect(watch.elapsedMs()).toBe(30);
});

it('stops after work that fails too, and hands on what it came to', async () => {
  const watch = createStopwatch();
  await expect(timed(watch, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await expect(timed(watch, Promise.resolve(7))).resolves.toBe(7);
  pass(10);
  expect(watch.elapsedMs()).toBe(0);
});
