import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop is: the mean of the last whole second in which somebody asked, in milliseconds. */
export interface EventLoopDelay {
  milliseconds(): number;
  close(): void;
}

const RESOLUTION_MS = 20;
const WINDOW_MS = 1000;

/** Node measures by itself, without a file descriptor; no timer of ours is needed, because it is read when asked. */
export function watchEventLoopDelay(clock: () => number = () => performance.now()): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let since = clock();
  let delayMs = 0;
  return {
    milliseconds() {
      const now = clock();
      if (now - since >= WINDOW_MS) {
        // In nanoseconds, the resolution included; not a number when nothing was measured.
        const mean = histogram.mean / 1e6 - RESOLUTION_MS;
        delayMs = mean > 0 ? mean : 0;
        histogram.reset();
        since = now;
      }
      return delayMs;
    },
    close: () => void histogram.disable(),
  };
}
