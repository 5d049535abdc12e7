/** Adds up the time in which something was going on; what goes on side by side counts once. */
export interface Stopwatch {
  start(): void;
  stop(): void;
  /** Milliseconds so far, whole ones. A method: a getter would cost a microsecond for each watch that is made. */
  elapsedMs(): number;
}

export function createStopwatch(): Stopwatch {
  let running = 0;
  let since = 0;
  let total = 0;
  return {
    start() {
      if (running === 0) since = performance.now();
      running += 1;
    },
    stop() {
      running -= 1;
      if (running === 0) total += performance.now() - since;
    },
    elapsedMs() {
      return Math.round(running === 0 ? total : total + performance.now() - since);
    },
  };
}

/** Has the watch run for as long as the work takes. */
export async function timed<T>(watch: Stopwatch, work: Promise<T>): Promise<T> {
  watch.start();
  try {
    return await work;
  } finally {
    watch.stop();
  }
}
