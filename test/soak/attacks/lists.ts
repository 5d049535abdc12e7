import { forRequests, hang, repeated } from '../../../src/emulator/faults.ts';
import type { Attack } from '../attack.ts';

const SIZES = [100, 99, 98, 97, 96, 95, 94, 93, 92, 91];
const list = (first: number, fields: string) =>
  `l${first}: remoteHelpSessionResponses(first: ${first}) { nodes { ${fields} } }`;
/** The last never comes, so that all others are held until the time is over. */
const held = `{ ${SIZES.map((first) => list(first, 'deviceName')).join(' ')} }`;
/** 200 lists, which are refused. */
const tooMany = `{ ${Array.from({ length: 200 }, (_, index) => list(100, 'deviceName').replace('l100', `l${index}`)).join(' ')} }`;
const AT_ONCE = 15;

export const lists: Attack = {
  name: 'lists',
  prepare({ graph }) {
    for (let index = 0; index < 100; index += 1) {
      graph.sessions.set(`large-${index}`, { id: `large-${index}`, deviceName: 'x'.repeat(7_000) });
    }
  },
  begin({ emulator: { graph } }) {
    graph.respondWith(forRequests({ path: /top=91\b/ }, repeated(Number.POSITIVE_INFINITY, hang())));
  },
  async turn({ ask, token, next }) {
    const attackers = [0, 1].map(() => token(next()));
    await Promise.all(
      attackers.flatMap((each) => [ask(each, tooMany), ...Array.from({ length: AT_ONCE }, () => ask(each, held))]),
    );
  },
};
