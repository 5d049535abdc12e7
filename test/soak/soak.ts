import { parseArgs } from 'node:util';
import { attacks } from './attacks.ts';
import { runRandomFaults } from './random-fault-soak.ts';
import { runAttack } from './run-attack.ts';
import type { SoakOptions } from './soak-options.ts';

/**
 * `npm run soak`: random faults with every answer held against the truth, then each attack on a small process while
 * ordinary callers are served. Ten minutes each; `npm run soak -- --only NAME --seconds N --seed N` (or SOAK_ONLY,
 * SOAK_SECONDS, SOAK_SEED) for less. Several names are separated by commas. Ends with code 1 when one is lost.
 */
const { values } = parseArgs({
  options: { only: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' } },
});
const seconds = Number(values.seconds ?? process.env.SOAK_SECONDS ?? 600);
const seed = Number(values.seed ?? process.env.SOAK_SEED ?? Date.now() % 1_000_000);
const only = values.only ?? process.env.SOAK_ONLY;

const rounds = new Map<string, (options: SoakOptions) => Promise<readonly string[]>>([
  ['random-faults', (options) => runRandomFaults({ ...options, seed })],
  ...attacks.map((attack) => [attack.name, (options: SoakOptions) => runAttack(attack, options)] as const),
]);
const chosen = only === undefined ? [...rounds.keys()] : only.split(',');
const unknown = chosen.filter((name) => !rounds.has(name));
if (unknown.length > 0 || !(seconds > 0)) {
  process.stderr.write(`unknown: ${unknown.join(', ')}; there are ${[...rounds.keys()].join(', ')}\n`);
  process.exit(2);
}

let stop = () => {};
process.once('SIGINT', () => {
  stop();
  process.exit(130);
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const results: [name: string, failures: readonly string[]][] = [];
for (const name of chosen) {
  say(`${name}: ${seconds} s, seed ${seed}`);
  const options: SoakOptions = {
    seconds,
    say,
    onInterrupt: (work) => {
      stop = work;
    },
  };
  const failures =
    (await rounds
      .get(name)?.(options)
      .catch((failure: unknown) => [`it could not be run: ${String(failure)}`])) ?? [];
  for (const failure of failures) say(`  WRONG ${failure}`);
  results.push([name, failures]);
}

say('');
for (const [name, failures] of results) say(`${failures.length === 0 ? 'held' : 'LOST'}  ${name}`);
const lost = results.filter(([, failures]) => failures.length > 0);
say(lost.length === 0 ? 'soak: all well' : `soak: ${lost.length} of ${results.length} are lost`);
process.exitCode = lost.length === 0 ? 0 : 1;
