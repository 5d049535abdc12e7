import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, forRequests, graphError, repeated } from '../../../src/emulator/faults.ts';
import type { Attack } from '../attack.ts';

const DOCUMENT = 'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { deviceName } }';
const DIFFERENT = 200;
const NAMED = 1_000;
/** Lines of trouble that one operation may write. */
const LINES_EACH = 10;

/** Each request fails in a thousand places. */
export const failingIds: Attack = {
  name: 'failing-ids',
  env: { GRAPH_REQUESTS_PER_MINUTE: '0' },
  begin({ emulator: { graph }, people }) {
    const refused: Fault = graphError(403, 'Forbidden');
    graph.respondWith(
      people.map((oid) => forRequests({ oid, inBatch: true }, repeated(Number.POSITIVE_INFINITY, refused))),
    );
  },
  async turn({ ask, token, next }) {
    const ids = Array.from({ length: NAMED }, (_, index) => `failing-${index % DIFFERENT}`);
    await Promise.all([0, 1].map(() => ask(token(next()), DOCUMENT, { ids })));
    await sleep(50);
  },
  inspect({ answers }, { troubles }) {
    const operations = [...answers.values()].reduce((sum, count) => sum + count, 0);
    return troubles > operations * LINES_EACH ? [`${troubles} lines of trouble for ${operations} operations`] : [];
  },
};
