import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { azureIdentity } from '../../src/entra/exchange/azure-identity.ts';
import { operations } from '../support/fault-table.ts';
import { startGateway } from '../support/gateway.ts';
import { startRawGraph } from '../support/raw-graph.ts';
import { httpAnswer, type RawBehaviour, startRawServer } from '../support/raw-server.ts';

const session = JSON.stringify({ value: { deviceName: 'Real' } });
const answer =
  (text: string | Buffer): RawBehaviour =>
  (socket) =>
    void socket.write(text);
const last =
  (text: string): RawBehaviour =>
  (socket) =>
    void socket.end(text);

/** What comes over the wire, and the code and the number of requests of a read, and those of an update. */
type Row = readonly [name: string, behaviour: RawBehaviour, read: string, update: string];
const MEBIBYTE = 1024 * 1024;

const rows: readonly Row[] = [
  ['a reset', (socket) => void socket.resetAndDestroy(), 'UPSTREAM_UNAVAILABLE 4', 'UPSTREAM_UNAVAILABLE UNKNOWN 5'],
  ['an end without a word', last(''), 'UPSTREAM_UNAVAILABLE 4', 'UPSTREAM_UNAVAILABLE UNKNOWN 5'],
  ['a cut head', last('HTTP/1.1 200 OK\r\nConte'), 'UPSTREAM_UNAVAILABLE 4', 'UPSTREAM_UNAVAILABLE UNKNOWN 5'],
  [
    'a cut body',
    last(httpAnswer('{"leaked":', { headers: { 'Content-Length': '100' } })),
    'UPSTREAM_UNAVAILABLE 4',
    'UPSTREAM_UNAVAILABLE UNKNOWN 5',
  ],
  [
    'a cut chunk',
    last('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"leaked":'),
    'UPSTREAM_UNAVAILABLE 4',
    'UPSTREAM_UNAVAILABLE UNKNOWN 5',
  ],
  ['no HTTP', answer('SSH-2.0-leaked\r\n'), 'UPSTREAM_UNAVAILABLE 4', 'UPSTREAM_UNAVAILABLE UNKNOWN 5'],
  [
    'a head without end',
    answer(httpAnswer(session, { headers: { 'X-Leaked': 'x'.repeat(MEBIBYTE) } })),
    'UPSTREAM_UNAVAILABLE 4',
    'UPSTREAM_UNAVAILABLE UNKNOWN 5',
  ],
  [
    'another protocol',
    answer('HTTP/1.1 101 Switching Protocols\r\nUpgrade: leaked\r\nConnection: upgrade\r\n\r\n'),
    'UPSTREAM_UNAVAILABLE 4',
    'UPSTREAM_UNAVAILABLE UNKNOWN 5',
  ],
  [
    'a compressed body that nobody asked for',
    answer(
      Buffer.concat([
        Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n'),
        Buffer.from(`Content-Length: ${gzipSync(session).length}\r\n\r\n`),
        gzipSync(session),
      ]),
    ),
    'UPSTREAM_UNAVAILABLE 1',
    'UPSTREAM_UNAVAILABLE UNKNOWN 2',
  ],
  ['64 MiB, announced', announced(64 * MEBIBYTE), 'UPSTREAM_UNAVAILABLE 1', 'UPSTREAM_UNAVAILABLE UNKNOWN 2'],
  ['64 MiB, in pieces', endless(64 * MEBIBYTE), 'UPSTREAM_UNAVAILABLE 1', 'UPSTREAM_UNAVAILABLE UNKNOWN 2'],
  ['silence', () => {}, 'UPSTREAM_TIMEOUT 1', 'UPSTREAM_TIMEOUT UNKNOWN 2'],
  [
    'a head byte by byte',
    drip(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(999)}`),
    'UPSTREAM_TIMEOUT 1',
    'UPSTREAM_TIMEOUT UNKNOWN 2',
  ],
  [
    'a body byte by byte',
    drip(session, httpAnswer('', { headers: { 'Content-Length': '9999' } })),
    'UPSTREAM_TIMEOUT 1',
    'UPSTREAM_TIMEOUT UNKNOWN 2',
  ],
  ['a hint before the answer', answer(`HTTP/1.1 103 Early Hints\r\n\r\n${httpAnswer(session)}`), 'ok 1', 'ok 1'],
];

/** The first exchange of a process loads the library, which must not count against so small a budget. */
beforeAll(() => void azureIdentity());

const BUDGET_MS = 600;
const env = { REQUEST_TIMEOUT_MS: String(BUDGET_MS) };

describe.each(rows)('%s', (_name, behaviour, read, update) => {
  it.each([
    ['single', read],
    ['update', update],
  ] as const)('%s: %s', async (operation, expected) => {
    const { query, graph, logText } = await startRawGraph(behaviour, { env });
    const began = performance.now();
    const { body } = await query(operations[operation]);
    expect(performance.now() - began).toBeLessThan(BUDGET_MS + 2_000);
    const { code = 'ok', outcome } = body.errors?.[0]?.extensions ?? {};
    expect([code, outcome, graph.requests.length].filter((part) => part !== undefined).join(' ')).toBe(expected);
    expect(JSON.stringify(body) + logText()).not.toContain('leaked');
  });
});

it('no connection at all: an update was not applied, and is tried again', async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const { query, logs } = await startGateway({ emulator, env });
  await emulator.graph.stop();
  expect((await query(operations.single)).body.errors[0].extensions).toStrictEqual({ code: 'UPSTREAM_UNAVAILABLE' });
  expect((await query(operations.update)).body.errors[0].extensions).toStrictEqual({
    code: 'UPSTREAM_UNAVAILABLE',
    outcome: 'NOT_APPLIED',
  });
  expect(logs().filter(({ msg }) => msg === 'operation')).toMatchObject([{ retries: 3 }, { retries: 3 }]);
  await emulator.graph.start();
  expect((await query(operations.update)).body.errors).toBeUndefined();
});

it('an endless body is not read beyond a few MiB', async () => {
  let sent = 0;
  const { query, graph } = await startRawGraph(endless(1024 * MEBIBYTE, (bytes) => (sent += bytes)));
  const { body } = await query(operations.single);
  expect(body.errors[0].extensions.code).toBe('UPSTREAM_UNAVAILABLE');
  await expect.poll(() => graph.open).toBe(0);
  // What is in the buffers of two sockets comes on top of the limit.
  expect(sent).toBeLessThan(32 * MEBIBYTE);
});

it.each([301, 302, 303, 307, 308])('a redirect with status %i is followed by nobody', async (status) => {
  const elsewhere = await startRawServer(answer(httpAnswer(session)));
  const headers = { Location: `${elsewhere.origin}/beta/x` };
  const { query } = await startRawGraph(answer(httpAnswer('{}', { status, headers })));
  for (const document of Object.values(operations)) {
    const { body } = await query(document);
    expect(body.errors[0].extensions.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(JSON.stringify(body)).not.toContain(elsewhere.origin);
  }
  expect(elsewhere.connections).toBe(0);
});

it('an answer that nobody asked for is never given to the next caller', async () => {
  const stray = httpAnswer(JSON.stringify({ value: { deviceName: 'leaked' } }));
  const { query, graph } = await startRawGraph(answer(httpAnswer(session) + stray));
  expect((await query(operations.single)).body.data.answer.deviceName).toBe('Real');
  graph.behave(answer(httpAnswer(session)));
  const { body } = await query(operations.single);
  expect(body.data.answer.deviceName).toBe('Real');
});

describe('the connection', () => {
  const connectionsFor = async (first: string) => {
    const { query, graph } = await startRawGraph(answer(first));
    await query(operations.list);
    graph.behave(answer(httpAnswer(session)));
    const before = graph.requests.length;
    expect((await query(operations.single)).body.data.answer.deviceName).toBe('Real');
    return new Set([graph.requests.at(before - 1), graph.requests.at(before)].map((each) => each?.connection)).size;
  };

  it.each([
    ['a good answer', httpAnswer(JSON.stringify({ value: [] }))],
    ['an error that Graph explains', httpAnswer('{"error":{"code":"x"}}', { status: 403 })],
    ['JSON that makes no sense', httpAnswer('{"value":[')],
  ])('is used again after %s', async (_name, first) => {
    expect(await connectionsFor(first)).toBe(1);
  });

  it.each([
    ['a page', httpAnswer('<html>', { headers: { 'Content-Type': 'text/html' } })],
    ['a page with an error status', httpAnswer('<html>', { status: 403, headers: { 'Content-Type': 'text/html' } })],
    ['a redirect', httpAnswer('{}', { status: 302, headers: { Location: '/' } })],
    ['503', httpAnswer('{"error":{"code":"serviceNotAvailable"}}', { status: 503 })],
    ['an announced 64 MiB', httpAnswer('{', { headers: { 'Content-Length': String(64 * MEBIBYTE) } })],
  ])('is not used again after %s', async (_name, first) => {
    expect(await connectionsFor(first)).toBe(2);
  });

  it('of a 503 does not bear the retry', async () => {
    const { query, graph } = await startRawGraph((socket, { connection }) => {
      socket.write(connection === 1 ? httpAnswer('{}', { status: 503 }) : httpAnswer(session));
    });
    expect((await query(operations.update)).body.errors).toBeUndefined();
    expect(graph.requests.map(({ method, connection }) => `${method} ${connection}`)).toStrictEqual([
      'PATCH 1',
      'PATCH 2',
    ]);
  });
});

function announced(bytes: number): RawBehaviour {
  return answer(httpAnswer('{"leaked":"', { headers: { 'Content-Length': String(bytes) } }));
}

/** Writes JSON without end, as fast as it is read. */
function endless(bytes: number, onSent: (bytes: number) => void = () => {}): RawBehaviour {
  return (socket) => {
    socket.write(httpAnswer('{"leaked":"', { headers: { 'Content-Length': '' } }).replace('Content-Length: \r\n', ''));
    const piece = Buffer.alloc(64 * 1024, 'x');
    let left = bytes;
    const write = () => {
      while (left > 0 && !socket.destroyed) {
        left -= piece.length;
        onSent(piece.length);
        if (!socket.write(piece)) return void socket.once('drain', write);
      }
    };
    write();
  };
}

function drip(text: string, head = ''): RawBehaviour {
  return (socket: Socket) => {
    socket.write(head);
    let at = 0;
    const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 5);
    socket.on('close', () => clearInterval(timer));
  };
}
