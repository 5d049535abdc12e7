/**
 * How many failed calls a process may make again: a share of its recent calls, and a few more. Without it every call of
 * an outage would be made four times, by which an outage becomes longer.
 */
export interface RetryBudget {
  /** A call is made for the first time. */
  countCall(): void;
  /** Takes one repetition. @returns false when none is left */
  take(): boolean;
}

/** One in five: a passing fault is mended, and an outage costs a fifth more than the calls themselves. */
const SHARE = 0.2;
/** Beside the share, in a window: with few calls a share would be nothing. */
const FLOOR = 50;
/** "Recent" is this window and the one before it. */
const WINDOW_MS = 5_000;

interface Window {
  calls: number;
  repetitions: number;
}

/** @param now milliseconds, from any beginning */
export function createRetryBudget(now: () => number = () => performance.now()): RetryBudget {
  let current: Window = { calls: 0, repetitions: 0 };
  let previous: Window = { calls: 0, repetitions: 0 };
  let windowEnds = now() + WINDOW_MS;

  function moveOn() {
    const late = now() - windowEnds;
    if (late < 0) return;
    previous = late < WINDOW_MS ? current : { calls: 0, repetitions: 0 };
    current = { calls: 0, repetitions: 0 };
    windowEnds = now() + WINDOW_MS;
  }

  return {
    countCall() {
      moveOn();
      current.calls += 1;
    },
    take() {
      moveOn();
      const calls = previous.calls + current.calls;
      const repetitions = previous.repetitions + current.repetitions;
      if (repetitions >= FLOOR + calls * SHARE) return false;
      current.repetitions += 1;
      return true;
    },
  };
}
