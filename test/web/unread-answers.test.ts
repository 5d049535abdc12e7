import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createUnreadAnswers, type UnreadAnswersOptions } from '../../src/web/unread-answers.ts';

const MEBIBYTE = 1024 * 1024;
/** More than the network holds for a client that does not read. */
const LARGE = 16 * MEBIBYTE;

/** A server that answers `/N` with N bytes at once, and `/later` when the test says so. */
async function scene(options: UnreadAnswersOptions) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const unread = createUnreadAnswers(options);
  const later: ServerResponse[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/later') return void later.push(response);
    const bytes = Number(request.url?.slice(1));
    response.end('a'.repeat(bytes));
    if (response.writableLength > 0) unread.watch(response, request.socket, bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    vi.useRealTimers();
    unread.close();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const client = async (...paths: (string | number)[]) => {
    const socket = connect(port, '127.0.0.1').pause();
    const state = { socket, closed: false, received: 0 };
    socket
      .on('error', () => {})
      .on('close', () => {
        state.closed = true;
      });
    await once(socket, 'connect');
    socket.write(paths.map((path) => `GET /${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join(''));
    return state;
  };
  const read = (state: Awaited<ReturnType<typeof client>>) =>
    state.socket
      .on('data', (chunk) => {
        state.received += chunk.length;
      })
      .resume();
  /** Time goes on, and what is closed is seen to be closed. */
  const pass = async (milliseconds: number) => {
    vi.advanceTimersByTime(milliseconds);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  };
  return { unread, client, read, pass, later };
}

it('cuts a client that does not read, and holds nothing of its answer any more', async () => {
  const { unread, client, read, pass } = await scene({ graceMs: 5_000 });
  const state = await client(LARGE);
  await expect.poll(() => unread.bytes).toBe(LARGE);
  // A second for every 64 KiB.
  await pass(5_000 + 256_000);
  expect(unread.bytes).toBe(LARGE);
  await pass(1_000);
  expect(unread.bytes).toBe(0);
  read(state);
  await expect.poll(() => state.closed).toBe(true);
  expect(state.received).toBeLessThan(LARGE);
});

it('leaves a client alone that reads late, but in time', async () => {
  const { unread, client, read, pass } = await scene({ graceMs: 5_000 });
  const state = await client(LARGE);
  await expect.poll(() => unread.bytes).toBe(LARGE);
  await pass(60_000);
  read(state);
  await expect.poll(() => state.received, { timeout: 10_000 }).toBeGreaterThan(LARGE);
  await expect.poll(() => unread.bytes).toBe(0);
  await pass(600_000);
  expect(state.closed).toBe(false);
});

it('does not watch answers that the network takes at once', async () => {
  const { unread, client, read } = await scene({ graceMs: 5_000 });
  const state = await client(100, 100);
  read(state);
  await expect.poll(() => state.received).toBeGreaterThan(200);
  expect(unread.bytes).toBe(0);
});

it('counts all answers of a connection, also those whose turn has not come', async () => {
  const { unread, client } = await scene({ graceMs: 5_000 });
  const state = await client(LARGE, MEBIBYTE, MEBIBYTE);
  await expect.poll(() => unread.bytes).toBe(LARGE + 2 * MEBIBYTE);
  state.socket.destroy();
  await expect.poll(() => unread.bytes).toBe(0);
});

it('does not take the time of an answer that waits for another one to be made', async () => {
  const { unread, client, read, pass, later } = await scene({ graceMs: 5_000 });
  const state = await client('later', MEBIBYTE);
  await expect.poll(() => unread.bytes).toBe(MEBIBYTE);
  await pass(600_000);
  expect(state.closed).toBe(false);
  later[0]?.end('made');
  read(state);
  await expect.poll(() => state.received).toBeGreaterThan(MEBIBYTE);
});

it('forgets an answer that is given when its client has gone', async () => {
  const { unread, client, pass, later } = await scene({ graceMs: 5_000 });
  const state = await client('later', 'later');
  await expect.poll(() => later.length).toBe(2);
  state.socket.resetAndDestroy();
  await Promise.all(later.map((response) => response.closed || once(response, 'close')));
  for (const response of later) {
    response.end('a'.repeat(MEBIBYTE));
    unread.watch(response, response.req.socket, MEBIBYTE);
  }
  expect(unread.bytes).toBe(2 * MEBIBYTE);
  await pass(1_000);
  expect(unread.bytes).toBe(0);
});

it('cuts the oldest when all together are too many', async () => {
  const { unread, client, read } = await scene({ graceMs: 5_000, maxBytes: 2 * LARGE });
  const first = await client(LARGE);
  await expect.poll(() => unread.bytes).toBe(LARGE);
  const second = await client(LARGE);
  await expect.poll(() => unread.bytes).toBe(2 * LARGE);
  const third = await client(MEBIBYTE * 12);
  await expect.poll(() => unread.bytes).toBe(LARGE + 12 * MEBIBYTE);
  for (const state of [first, second, third]) read(state);
  await expect.poll(() => first.closed).toBe(true);
  expect(first.received).toBeLessThan(LARGE);
  await expect.poll(() => second.received, { timeout: 10_000 }).toBeGreaterThan(LARGE);
  expect([second.closed, third.closed]).toStrictEqual([false, false]);
});
