import { Pool } from 'undici';
import { bareExchange } from './bare-exchange.ts';

/** Graph as the floor and the bare peers call it: one lookup by the `Authorization` header, one `dispatch`, the text. */
const { origin, pathname } = new URL(process.env.GRAPH_BASE_URL ?? '');
const pool = new Pool(origin, { connections: 256 });
const tokens = new Map<string, string | Promise<string>>();

export const collection = '/RemoteHelpSessionRetrieveResponse';
/** What Graph itself takes into one batch. */
export const BATCH_LIMIT = 20;

/** Exchanged once for each caller. */
export function graphToken(authorization = ''): string | Promise<string> {
  const known = tokens.get(authorization);
  if (known !== undefined) return known;
  const exchange = bareExchange(authorization).then((token) => {
    tokens.set(authorization, token);
    return token;
  });
  tokens.set(authorization, exchange);
  return exchange;
}

/** @param path below the Graph root */
export function callGraph(method: 'GET' | 'PATCH' | 'POST', path: string, token: string, body?: string) {
  return new Promise<string>((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const chunks: Buffer[] = [];
    pool.dispatch(
      { method, path: pathname + path, headers, body: body ?? null },
      {
        onRequestStart() {},
        onResponseStart(_controller, status) {
          if (status !== 200) reject(new Error(`Graph says ${status}`));
        },
        onResponseData: (_controller, chunk) => void chunks.push(chunk),
        onResponseEnd: () => resolve(String(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

export function batchOf(ids: readonly string[]): string {
  const requests = ids.map((id, index) => ({ id: String(index), method: 'GET', url: `${collection}/${id}` }));
  return JSON.stringify({ requests });
}
