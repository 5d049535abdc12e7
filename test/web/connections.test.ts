import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limitConnections, maxConnections } from '../../src/web/connections.ts';

/** A server on which `GET /known` is a verified caller's request. */
async function scene(max: number) {
  const server = createServer((request, response) => {
    if (request.url === '/known') connections.trust(request.socket);
    response.end('served');
  });
  const connections = limitConnections(server, max);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients: Client[] = [];
  onTestFinished(() => {
    for (const { socket } of clients) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const open = async (path?: string) => {
    const client = { socket: connect(port, '127.0.0.1'), closed: false };
    clients.push(client);
    client.socket
      .on('error', () => {})
      .on('close', () => {
        client.closed = true;
      });
    await once(client.socket, 'connect').catch(() => {});
    if (path !== undefined) expect(await ask(client, path)).toBe('served');
    return client;
  };
  return { connections, open };
}

interface Client {
  readonly socket: Socket;
  closed: boolean;
}

async function ask({ socket }: Client, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  const answer = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  return /served/.exec(String(answer[0]))?.[0] ?? 'closed';
}

const countOpen = (clients: readonly Client[]) => clients.filter(({ closed }) => !closed).length;

describe('over the maximum', () => {
  it('those who came first and said nothing give way, and callers are served', async () => {
    const { open } = await scene(8);
    const known = await Promise.all([open('/known'), open('/known')]);
    const strangers: Client[] = [];
    for (let count = 0; count < 40; count += 1) strangers.push(await open());
    await expect.poll(() => countOpen(strangers)).toBe(6);
    expect(countOpen(strangers.slice(-6)), 'the last that came').toBe(6);
    const fresh = await open('/known');
    for (const client of [...known, fresh]) expect(await ask(client, '/known')).toBe('served');
  });

  it('a stranger whose request was answered is still a stranger', async () => {
    const { open } = await scene(2);
    const first = await open('/anything');
    await open();
    await open();
    await expect.poll(() => first.closed).toBe(true);
  });

  it('the new one is closed when all others are callers, and takes a place that is left', async () => {
    const { open } = await scene(3);
    const known = [await open('/known'), await open('/known'), await open('/known')];
    const late = await open();
    await expect.poll(() => late.closed).toBe(true);
    for (const client of known) expect(await ask(client, '/known')).toBe('served');
    known[0]?.socket.destroy();
    await expect.poll(async () => ask(await open(), '/known')).toBe('served');
  });
});

it('says from three quarters on that connections are to be closed', async () => {
  const { connections, open } = await scene(4);
  for (let count = 0; count < 3; count += 1) await open('/known');
  expect(connections.isCrowded()).toBe(false);
  await open('/known');
  expect(connections.isCrowded()).toBe(true);
});

it.each([
  ['as many as the house needs', 1280, 512, 1_048_576, 2560],
  ['what is left of few descriptors', 1280, 512, 1024, 412],
  ['a quarter of very few', 1280, 512, 256, 64],
  ['as many as the house needs where the system does not tell', 256, 20, Number.POSITIVE_INFINITY, 512],
])('the maximum is %s', (_name, inside, outward, files, expected) => {
  expect(maxConnections(inside, outward, files)).toBe(expected);
});
