import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Watch } from './watched-numbers.ts';

const RESOLUTION_MS = 10;
const SECOND_IN_NS = 1e9;

/** Shows how the process itself does. Only where metrics are on: the measuring has a timer of its own. */
export function watchProcess(watch: Watch): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  // What is measured is how long a turn took; the timer's own interval is no delay.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / SECOND_IN_NS - RESOLUTION_MS / 1000);
  watch('event_loop.p50', () => late(delay.percentile(50)));
  watch('event_loop.p99', () => late(delay.percentile(99)));
  watch('event_loop.max', () => {
    const longest = late(delay.max);
    // Read last: the next collection tells of the time since this one.
    delay.reset();
    return longest;
  });
  watch('memory.resident', () => process.memoryUsage.rss());
  watch('memory.heap_used', () => getHeapStatistics().used_heap_size);
  watch('memory.heap_limit', () => getHeapStatistics().heap_size_limit);
}
