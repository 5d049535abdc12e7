import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { runCaller } from './caller.ts';
import { startGatewayChild } from './gateway-child.ts';
import { growthOf } from './growth.ts';
import { createOracle } from './oracle.ts';
import type { Probe } from './probe.ts';
import { createRandom } from './random.ts';
import { startRandomFaults } from './random-faults.ts';
import type { SoakOptions } from './soak-options.ts';

const CALLERS = 40;
const SESSIONS_EACH = 3;
const BUDGET_MS = 2_000;
const SLACK_MS = 1_000;
/** A machine may stand still for longer than that once in a while; a gateway that forgets its budget is late often. */
const MAY_BE_LATE = 1 / 10_000;
/** Where so much else runs, lateness says nothing of the gateway: it is told, and not judged. */
const MOST_LOAD = 2 * availableParallelism();
/** The servers of the emulator close a connection that nobody used for 72 s, and undici just before. */
const SETTLE_MS = 90_000;
const PROBES = 40;
const MAX_GROWTH_MIB = 8;
/** Of the second half: resident memory creeps up to a plateau for some minutes, while heap and buffers stand still. */
const MAX_RESIDENT_GROWTH_MIB = 32;

/**
 * A gateway in a process of its own under random faults of Entra and Graph, every answer held against what the emulator
 * knows. A seed repeats the choices.
 */
export async function runRandomFaults({
  seconds,
  say,
  seed,
  onInterrupt,
}: SoakOptions & { readonly seed: number }): Promise<readonly string[]> {
  const random = createRandom(seed);
  const callers = Array.from({ length: CALLERS }, (_, index) => ({
    owner: `s-${index}-`,
    oid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  }));
  const sessions = callers.flatMap(({ owner }) =>
    Array.from({ length: SESSIONS_EACH }, (_, index): [string, Record<string, unknown>] => {
      const id = `${owner}${index}`;
      return [id, { sessionKey: id, deviceName: `${id}:0`, sessionType: 'viewScreen', webClientUri: null }];
    }),
  );
  const emulator = await startEmulator({ sessions });
  // Short lives, so that exchanges never end.
  emulator.entra.graphTokenLifetimeSeconds = 3;
  const gateway = await startGatewayChild(
    {
      ...emulator.env,
      REQUEST_TIMEOUT_MS: String(BUDGET_MS),
      GRAPH_MAX_CONCURRENCY: '24',
      RATE_LIMIT_PER_MINUTE: '0',
      GRAPH_REQUESTS_PER_MINUTE: '0',
      LOG_LEVEL: 'info',
    },
    /eyJ[\w-]{8,}\.|fake-acs-helper-user-token|fake~/,
  );
  onInterrupt(gateway.kill);

  const agent = new Agent({ connections: CALLERS * 2 });
  const oidOf = new Map(callers.map(({ owner, oid }) => [owner, oid]));
  const oracle = createOracle(emulator, {
    oidOf: (owner) => oidOf.get(owner),
    latestMs: BUDGET_MS + SLACK_MS,
  });
  const probes: Probe[] = [];
  const failures: string[] = [];
  const first = await gateway.probe();
  try {
    say(`soak: ${seconds} s, seed ${seed}, ${CALLERS} callers`);
    const faults = startRandomFaults(
      emulator,
      random,
      callers.map(({ oid }) => oid),
    );
    const end = performance.now() + seconds * 1000;
    const inspection = setInterval(() => oracle.inspectRequests(), 200);
    const running = callers.map(({ owner, oid }, index) =>
      runCaller({
        url: gateway.url,
        agent,
        tokens: [1, 2].map(() => emulator.entra.mintToken({ oid })),
        owner,
        sessions: SESSIONS_EACH,
        random: createRandom(seed + index + 1),
        oracle,
        isOver: () => performance.now() >= end,
      }),
    );
    while (performance.now() < end) {
      await sleep(Math.min((seconds * 1000) / PROBES, end - performance.now() + 1));
      probes.push(await gateway.probe());
    }
    await Promise.all(running);
    await faults.stop();
    clearInterval(inspection);
    await agent.destroy();
    const { last, ownSockets } = await settle();
    oracle.inspectRequests();
    oracle.finish();
    const heap = growthOf(probes.map(({ heapMiB }) => heapMiB));
    const rss = growthOf(probes.map(({ rssMiB }) => rssMiB));
    failures.push(...oracle.wrong);
    const [, load = 0] = loadavg();
    if (load <= MOST_LOAD && oracle.late > Math.max(2, oracle.answers * MAY_BE_LATE))
      failures.push(`${oracle.late} answers were late`);
    if (last.sockets > first.sockets) failures.push(`the gateway keeps ${last.sockets - first.sockets} sockets`);
    if (ownSockets > 0) failures.push(`${ownSockets} sockets of the emulator are open`);
    if (heap.growth > MAX_GROWTH_MIB) failures.push(`the heap grew by ${heap.growth.toFixed(1)} MiB`);
    const external = growthOf(probes.map(({ externalMiB }) => externalMiB));
    const late = growthOf(probes.slice(probes.length / 2).map(({ rssMiB }) => rssMiB));
    if (external.growth > MAX_GROWTH_MIB) failures.push(`buffers grew by ${external.growth.toFixed(1)} MiB`);
    if (late.growth > MAX_RESIDENT_GROWTH_MIB)
      failures.push(`resident memory grew by ${late.growth.toFixed(1)} MiB late`);
    if (gateway.leaks > 0) failures.push(`${gateway.leaks} log lines hold a secret`);
    if (gateway.errors.has('unforeseen failure')) failures.push('an unforeseen failure was logged');
    const code = await gateway.stop();
    if (code !== 0) failures.push(`the gateway ended with code ${code}`);

    say(`answers ${oracle.answers}, slowest ${oracle.slowestMs.toFixed(0)} ms of ${BUDGET_MS} ms`);
    for (const [name, count] of [...oracle.codes].sort()) say(`  ${name} ${count}`);
    say(`wrong outcomes ${oracle.wrong.length}, late answers ${oracle.late}; load of the machine ${load.toFixed(1)}`);
    say(
      `sockets at the end: gateway ${last.sockets - first.sockets}, emulator ${ownSockets}; timers of the gateway ${last.timers}`,
    );
    say(
      `heap after collection: ${heap.from.toFixed(1)} to ${heap.to.toFixed(1)} MiB; resident: ${rss.from.toFixed(0)} to ${rss.to.toFixed(0)} MiB`,
    );
    const series = (name: 'rssMiB' | 'externalMiB') => probes.map((probe) => probe[name].toFixed(0)).join(' ');
    say(`resident, all samples: ${series('rssMiB')}`);
    say(`outside of the heap, all samples: ${series('externalMiB')}`);
    say(`log lines ${gateway.logLines}, with a secret ${gateway.leaks}; errors ${JSON.stringify([...gateway.errors])}`);
  } finally {
    gateway.kill();
    await agent.destroy();
    await emulator.close();
  }
  return failures;

  /** Waits until all connections are closed, or it is clear that some never will be. */
  async function settle() {
    const limit = performance.now() + SETTLE_MS;
    for (;;) {
      await sleep(1_000);
      const last = await gateway.probe();
      const ownSockets = process.getActiveResourcesInfo().filter((each) => each === 'TCPSocketWrap').length;
      if ((last.sockets <= first.sockets && ownSockets === 0) || performance.now() > limit) return { last, ownSockets };
    }
  }
}
