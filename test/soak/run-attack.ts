import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulator } from '../../src/emulator/emulator.ts';
import type { Attack } from './attack.ts';
import { createAttackScene } from './attack-scene.ts';
import { startGatewayChild } from './gateway-child.ts';
import { ordinarySessions, startOrdinaryCallers } from './ordinary-callers.ts';
import type { SoakOptions } from './soak-options.ts';

const HEAP_MIB = 256;
/** Beside the heap: code, buffers, sockets. A process that takes more would be ended where 1 GiB is all it may have. */
const MOST_RESIDENT_MIB = 768;
/** Of all requests of ordinary callers. */
const MAY_REFUSE = 0.02;

/**
 * One attack against a small process of its own, as in production, while ordinary callers are served.
 * @returns what is wrong; empty when the gateway held
 */
export async function runAttack(attack: Attack, options: SoakOptions): Promise<readonly string[]> {
  const { seconds, say, onInterrupt } = options;
  const emulator = await startEmulator({ sessions: ordinarySessions });
  attack.prepare?.(emulator);
  const gateway = await startGatewayChild(
    { ...emulator.env, NODE_ENV: 'production', HOST: '127.0.0.1', ...attack.env },
    /eyJ[\w-]{8,}\.|fake~/,
    { heapMiB: HEAP_MIB, ...attack.limits },
  );
  onInterrupt(gateway.kill);
  const end = performance.now() + seconds * 1000;
  const isOver = () => performance.now() >= end || !gateway.alive;
  const scene = createAttackScene(emulator, gateway.url, isOver);
  const failures: string[] = [];
  let mostResidentMiB = 0;
  const watch = setInterval(() => {
    mostResidentMiB = Math.max(mostResidentMiB, residentMiB(gateway.pid));
  }, 1_000);
  try {
    const ordinary = startOrdinaryCallers({ emulator, url: gateway.url, isOver });
    await sleep(1_000);
    await attack.begin?.(scene);
    while (!isOver()) await attack.turn(scene);
    await ordinary.done();
    scene.closeAll();
    failures.push(...ordinary.wrong.map((each) => `an ordinary caller got ${each}`));
    const refusals = [...ordinary.refused.values()].reduce((sum, count) => sum + count, 0);
    const share = refusals / Math.max(1, refusals + ordinary.served);
    if (ordinary.served === 0) failures.push('no ordinary caller was served');
    if (share > (attack.mayRefuse ?? MAY_REFUSE)) {
      failures.push(`${(share * 100).toFixed(1)} % of the ordinary requests were refused: ${told(ordinary.refused)}`);
    }
    if (mostResidentMiB > MOST_RESIDENT_MIB) failures.push(`it took ${mostResidentMiB.toFixed(0)} MiB`);
    if (gateway.errors.has('unforeseen failure')) failures.push('an unforeseen failure was logged');
    if (gateway.leaks > 0) failures.push(`${gateway.leaks} log lines hold a secret`);
    failures.push(...(attack.inspect?.(scene, gateway) ?? []));
    const alive = gateway.alive;
    const code = await gateway.stop();
    if (!alive) failures.push('the process ended under the attack');
    else if (code !== 0) failures.push(`the gateway ended with code ${code}`);
    say(
      `  ordinary callers: ${ordinary.served} served, refused ${told(ordinary.refused)}, wrong ${ordinary.wrong.length}, slowest ${ordinary.slowestMs.toFixed(0)} ms`,
    );
    say(`  attackers: ${told(scene.answers)}`);
    say(
      `  at most ${mostResidentMiB.toFixed(0)} MiB resident; ${gateway.logLines} log lines, ${gateway.troubles} of trouble`,
    );
  } finally {
    clearInterval(watch);
    gateway.kill();
    await scene.close();
    await emulator.close();
  }
  return failures;
}

/** 0 where the system does not tell. */
function residentMiB(pid: number): number {
  try {
    const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function told(counts: ReadonlyMap<string, number>): string {
  return counts.size === 0 ? 'none' : [...counts].map(([what, count]) => `${what}: ${count}`).join(', ');
}
