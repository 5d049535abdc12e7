import { forRequests, hang, repeated } from '../../../src/emulator/faults.ts';
import type { Attack } from '../attack.ts';

const UPDATE = `mutation ($name: String) { updateRemoteHelpSessionResponse(id: "attacked", input: { deviceName: $name }) {
  remoteHelpSessionResponse { deviceName } } }`;
const name = 'x'.repeat(250_000);
const AT_ONCE = 300;

/** Updates with as large a body as there may be, all held because Graph does not answer them. */
export const largeBodies: Attack = {
  name: 'large-bodies',
  begin({ emulator: { graph } }) {
    graph.respondWith(forRequests({ method: 'PATCH', path: /attacked/ }, repeated(Number.POSITIVE_INFINITY, hang())));
  },
  async turn({ ask, token, next }) {
    const attackers = [0, 1, 2].map(() => token(next()));
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => ask(attackers[index % 3] ?? '', UPDATE, { name })));
  },
};
