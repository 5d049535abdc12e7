import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphRequest } from '../../../src/emulator/graph/graph-emulator.ts';
import type { Attack } from '../attack.ts';

const DOCUMENT = 'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { deviceName } }';
const IDS = 200;
const MINUTE_MS = 60_000;
/** GRAPH_REQUESTS_PER_MINUTE where nothing is set. */
const PER_MINUTE = 1_200;
let began = 0;
/** What reached Graph in the attacker's name, as Graph counts it. */
const counted = new Map<GraphRequest, number>();

/** As many requests as one person may send, each for as many sessions as one may name. */
export const manyIds: Attack = {
  name: 'many-ids',
  begin() {
    counted.clear();
    began = performance.now();
  },
  async turn({ ask, token, next, people, emulator: { graph } }) {
    const use = next();
    const ids = Array.from({ length: IDS }, (_, index) => `none-${use}-${index}`);
    await ask(token(0), DOCUMENT, { ids });
    await sleep(100);
    // Graph's own log is bounded.
    for (const request of graph.requests.slice(-200)) {
      if (request.oid === people[0]) counted.set(request, request.batch?.length ?? 1);
    }
  },
  inspect() {
    const sent = [...counted.values()].reduce((sum, count) => sum + count, 0);
    const minutes = Math.ceil((performance.now() - began) / MINUTE_MS);
    // The first minute's may go out at its end, and the second's at once.
    const most = (minutes + 1) * PER_MINUTE;
    return sent > most ? [`one person had Graph asked ${sent} times in ${minutes} minutes`] : [];
  },
};
