import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { startEmulator } from '../../src/emulator/emulator.ts';

/**
 * The process behind every server that is measured: the emulator's Entra, and in the place of its Graph a fast one that
 * answers from constants. Told over IPC what to do; it looks at nothing that it need not.
 */
const emulator = await startEmulator({ sessions: [] });
const { entra } = emulator;
const graphPort = Number(new URL(emulator.graph.origin).port);
await emulator.graph.stop();

const session = {
  '@odata.type': '#microsoft.graph.retrieveRemoteHelpSessionResponse',
  acsHelperUserId: '8:acs:00000000-0000-0000-0000-000000000001',
  deviceName: 'Reception tablet',
  sessionType: 'takeFullControl',
  sessionExpirationDateTime: '2031-03-01T09:30:00.1234567-08:00',
};
const flat = JSON.stringify(session);
const wrapped = JSON.stringify({ value: session });
let delayMs = 0;

const graph = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const text = request.url?.endsWith('/$batch')
      ? batchAnswer(Buffer.concat(chunks).toString())
      : request.method === 'PATCH'
        ? flat
        : wrapped;
    const send = () => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        'request-id': '7d4f2c1a-0000-4000-8000-000000000000',
      });
      response.end(text);
    };
    if (delayMs > 0) setTimeout(send, delayMs);
    else send();
  });
});
graph.keepAliveTimeout = 60_000;
graph.listen(graphPort, '127.0.0.1');

function batchAnswer(text: string): string {
  const { requests } = JSON.parse(text) as { requests: { id: string }[] };
  const headers = { 'Content-Type': 'application/json' };
  return JSON.stringify({ responses: requests.map(({ id }) => ({ id, status: 200, headers, body: session })) });
}

type Order = { mint: number } | { delayMs: number } | { count: true };

process.on('message', (order: Order) => {
  if ('mint' in order) {
    const tokens = Array.from({ length: order.mint }, () => entra.mintToken({ oid: randomUUID() }));
    void Promise.all(tokens).then((all) => process.send?.(all));
  } else if ('delayMs' in order) {
    delayMs = order.delayMs;
    process.send?.(delayMs);
  } else {
    const calls = (pattern: RegExp) => entra.requests.filter(({ path }) => pattern.test(path)).length;
    process.send?.({ token: calls(/\/oauth2\/v2\.0\/token/), discovery: calls(/openid-configuration/) });
    entra.clear();
  }
});
process.send?.(emulator.env);
