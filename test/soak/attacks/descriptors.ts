import { setTimeout as sleep } from 'node:timers/promises';
import { forRequests, hang, repeated } from '../../../src/emulator/faults.ts';
import type { Attack } from '../attack.ts';

const LISTS = `{ ${Array.from({ length: 10 }, (_, index) => `l${index}: remoteHelpSessionResponses { nodes { id } }`).join(' ')} }`;
const PEOPLE = 8;

/** Calls that never end take every descriptor that the process may have. */
export const descriptors: Attack = {
  name: 'descriptors',
  limits: { openFiles: 72 },
  env: { REQUEST_TIMEOUT_MS: '2000' },
  // Who comes while there is no descriptor cannot be answered; what matters is that this ends with the attack.
  mayRefuse: 0.9,
  begin({ emulator: { graph }, people }) {
    graph.respondWith(people.map((oid) => forRequests({ oid }, repeated(Number.POSITIVE_INFINITY, hang()))));
  },
  async turn({ ask, token, next }) {
    await Promise.all(Array.from({ length: PEOPLE }, () => ask(token(next()), LISTS)));
    await sleep(1_000);
  },
};
