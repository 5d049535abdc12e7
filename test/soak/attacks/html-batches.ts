import { setTimeout as sleep } from 'node:timers/promises';
import { forRequests, repeated, unavailable } from '../../../src/emulator/faults.ts';
import type { Attack } from '../attack.ts';
import { ordinaryPeople } from '../ordinary-callers.ts';

const DOCUMENT = 'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { deviceName } }';
const PEOPLE = 10;

/** Somebody's batches are answered by the page of a proxy; everybody else's must stay batches. */
export const htmlBatches: Attack = {
  name: 'html-batches',
  begin({ emulator: { graph }, people }) {
    const spoilt = people
      .slice(0, PEOPLE)
      .flatMap((oid) =>
        [400, 404].map((status) =>
          forRequests({ oid, path: '/beta/$batch' }, repeated(Number.POSITIVE_INFINITY, unavailable(status))),
        ),
      );
    graph.respondWith(spoilt);
  },
  async turn({ ask, token, next }) {
    const ids = Array.from({ length: 40 }, (_, index) => `none-${next()}-${index}`);
    await ask(token(next() % PEOPLE), DOCUMENT, { ids });
    await sleep(200);
  },
  inspect({ emulator: { graph } }) {
    const ordinary = graph.requests.filter(({ oid }) => ordinaryPeople.includes(oid ?? ''));
    // Their second session is read in batches only.
    const single = ordinary.filter(({ method, url }) => method === 'GET' && /ordinary-\d-1/.test(url)).length;
    const batches = ordinary.filter(({ url }) => url.endsWith('/$batch')).length;
    return single > 0 || batches === 0
      ? [`of ordinary batches ${batches} went out, and ${single} reads one by one`]
      : [];
  },
};
