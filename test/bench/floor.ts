import { createServer } from 'node:http';
import { BATCH_LIMIT, batchOf, callGraph, collection, graphToken } from './bare-graph.ts';

/**
 * What one Node process can do at all: the same requests in, the same calls to Graph out, Graph's text as the answer. No
 * GraphQL, no checks, no limits, no log.
 */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const known = graphToken(request.headers.authorization);
    const token = typeof known === 'string' ? known : await known;
    const text = `{"data":${await answer(String(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)), token)}}`;
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    response.writeHead(200, headers).end(text);
  });
});

async function answer(body: string, token: string): Promise<string> {
  const { query, variables } = JSON.parse(body) as { query: string; variables?: { id: string; input?: object } };
  if (variables?.input) {
    const text = await callGraph('PATCH', `${collection}/${variables.id}`, token, JSON.stringify(variables.input));
    return `{"updateRemoteHelpSessionResponse":{"remoteHelpSessionResponse":${text}}}`;
  }
  if (variables)
    return `{"remoteHelpSessionResponse":${await callGraph('GET', `${collection}/${variables.id}`, token)}}`;
  const ids = query.match(/session-\d+/g) ?? [];
  const batches: Promise<string>[] = [];
  for (let start = 0; start < ids.length; start += BATCH_LIMIT) {
    batches.push(callGraph('POST', '/$batch', token, batchOf(ids.slice(start, start + BATCH_LIMIT))));
  }
  return `[${(await Promise.all(batches)).join(',')}]`;
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`listening at http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`);
});
