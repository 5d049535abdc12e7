import type { Emulator } from '../../src/emulator/emulator.ts';

/**
 * What reached Graph, one item for each HTTP request, below the collection: `session-1?$select=deviceName` for a GET,
 * the list of its entries for a batch, and `PATCH session-1` for the rest.
 */
export function sentToGraph({ graph }: Emulator): (string | string[])[] {
  const below = (url: string) => url.replace(/^(\/beta)?\/[^/?]+\/?/, '');
  return graph.requests.map(({ method, url, body }) => {
    const { requests } = (body ?? {}) as { requests?: { url: string }[] };
    if (url.endsWith('/$batch') && requests !== undefined) return requests.map((entry) => below(entry.url));
    return method === 'GET' ? below(url) : `${method} ${below(url)}`;
  });
}
