import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop is: the mean of the last whole second in which somebody asked, in milliseconds. */
export interface EventLoopDelay {
  milliseconds(): number;
  close(): void;
}

const RESOLUTION_MS = 20;
const WINDOW_MS = 1000;

/**
 * Node measures by itself, without a file descriptor; no timer of ours is needed, because it is read when asked. It is
 * never reset: the first measurement after that is lost, which for a loop that turns once a second is every one.
 */
export function watchEventLoopDelay(clock: () => number = () => performance.now()): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let since = clock();
  let count = 0;
  let sumMs = 0;
  let delayMs = 0;
  return {
    milliseconds() {
      const now = clock();
      if (now - since < WINDOW_MS) return delayMs;
      const turns = histogram.count - count;
      count += turns;
      // In nanoseconds, the resolution included.
      const sum = count === 0 ? 0 : (histogram.mean / 1e6) * count;
      // A loop that has not turned at all is as late as that.
      delayMs = turns === 0 ? now - since : Math.max(0, (sum - sumMs) / turns - RESOLUTION_MS);
      sumMs = sum;
      since = now;
      return delayMs;
    },
    close: () => void histogram.disable(),
  };
}
