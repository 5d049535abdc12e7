import { createServer, type ServerResponse } from 'node:http';
import { Pool } from 'undici';

/**
 * What one Node process can do at all: a token looked up in a Map, and the same call to Graph made with undici. No
 * GraphQL, no checks, no limits, no log. `POST /batch` makes the same five batches as a hundred aliased reads.
 */
const { GRAPH_BASE_URL = '', PORT = '0' } = process.env;
const { origin, pathname } = new URL(GRAPH_BASE_URL);
const pool = new Pool(origin, { connections: 256 });
const tokens = new Map<string, string>();
const path = `${pathname}/RemoteHelpSessionRetrieveResponse/session-1`;

const server = createServer((request, response) => {
  const token = tokens.get(request.headers.authorization ?? '');
  if (token === undefined) return void response.writeHead(401).end();
  if (request.method === 'GET')
    return void forward('GET', `${path}?$select=deviceName,sessionType`, token, null, response);
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    if (request.url === '/tokens') return void learn(JSON.parse(body), response);
    if (request.url === '/batch') return void forwardBatches(JSON.parse(body) as string[], token, response);
    return void forward('PATCH', path, token, body, response);
  });
});

async function forward(
  method: 'GET' | 'PATCH',
  path: string,
  token: string,
  body: string | null,
  response: ServerResponse,
) {
  const answer = await pool.request({ method, path, headers: headersFor(token, body), body });
  const text = await answer.body.text();
  response.writeHead(answer.statusCode, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function forwardBatches(bodies: string[], token: string, response: ServerResponse) {
  const texts = await Promise.all(
    bodies.map(async (body) => {
      const headers = headersFor(token, body);
      const answer = await pool.request({ method: 'POST', path: `${pathname}/$batch`, headers, body });
      return answer.body.text();
    }),
  );
  response.writeHead(200, { 'content-type': 'application/json' }).end(`[${texts.join(',')}]`);
}

function headersFor(token: string, body: string | null): Record<string, string> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  return body === null ? headers : { ...headers, 'content-type': 'application/json' };
}

function learn(names: string[], response: ServerResponse) {
  for (const name of names) tokens.set(name, `graph-token-of-${name.slice(-1200)}`);
  response.end();
}

tokens.set('first', '');
server.keepAliveTimeout = 60_000;
server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`listening at http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`);
});
