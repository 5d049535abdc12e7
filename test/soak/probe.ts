import { readdirSync, readlinkSync } from 'node:fs';

/** Loaded into the gateway's process before anything else: tells its memory and its open sockets when asked. */
export interface Probe {
  readonly heapMiB: number;
  readonly rssMiB: number;
  /** Buffers and other memory that the heap's objects hold outside of it. */
  readonly externalMiB: number;
  readonly sockets: number;
  readonly timers: number;
}

process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, rss, external } = process.memoryUsage();
  const probe: Probe = {
    heapMiB: heapUsed / 2 ** 20,
    rssMiB: rss / 2 ** 20,
    externalMiB: external / 2 ** 20,
    sockets: openSockets(),
    timers: process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length,
  };
  process.send?.(probe);
});
// The gateway's own life must not depend on who watches it.
process.channel?.unref();

/** Node does not tell of idle connections, which are not to keep a process alive; Linux does. */
function openSockets(): number {
  try {
    return readdirSync('/proc/self/fd').filter(isSocket).length;
  } catch {
    return process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length;
  }
}

function isSocket(descriptor: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('socket:');
  } catch {
    return false;
  }
}
