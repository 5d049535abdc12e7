import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Budget, startBudget } from '../../src/http/budget.ts';
import { createTransport, type Transport } from '../../src/http/transport.ts';

/** A server that is nothing but sockets: `answer` writes what it likes once a request has come. */
async function serve(answer: (socket: Socket, count: number) => void) {
  const sockets: Socket[] = [];
  const requests: string[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    socket.on('data', (data) => answer(socket, requests.push(String(data))));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets, requests, server };
}

function open(requestTimeoutMs = 15_000): Transport {
  const transport = createTransport({ requestTimeoutMs, maxConnectionsPerOrigin: 4 });
  onTestFinished(() => transport.close());
  return transport;
}

function budgetOf(milliseconds: number): Budget {
  const budget = startBudget(milliseconds);
  onTestFinished(() => budget.close());
  return budget;
}

const http = (body: string, headers = 'Content-Type: application/json', status = '200 OK') =>
  `HTTP/1.1 ${status}\r\n${headers}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
/** undici has a connection back only a turn after its answer has ended. */
const settled = () => new Promise(setImmediate);
const get = (origin: string) => ({ method: 'GET', origin, path: '/x?y=1', headers: { 'x-mine': 'kept' } }) as const;

describe('an answer', () => {
  it('is read whole, with its status and headers', async () => {
    const { origin, requests } = await serve((socket) => {
      socket.write('HTTP/1.1 102 Processing\r\n\r\n');
      socket.write('HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\nrequest-id: r\r\n');
      socket.write('Transfer-Encoding: chunked\r\n\r\n6\r\n{"a":1\r\n');
      setImmediate(() => socket.write('1\r\n}\r\n0\r\n\r\n'));
    });
    const answer = await open().send(get(origin), { budget: budgetOf(15_000) });
    expect(answer).toMatchObject({ status: 409, json: true, text: '{"a":1}', headers: { 'request-id': 'r' } });
    expect(requests[0]).toMatch(/^GET \/x\?y=1 HTTP\/1\.1\r\n(?:.*\r\n)*x-mine: kept/);
  });

  it('that is a redirect is not followed', async () => {
    const { origin, requests } = await serve((socket) => socket.write(http('', 'Location: /elsewhere', '302 Found')));
    expect(await open().send(get(origin), { budget: budgetOf(15_000) })).toMatchObject({ status: 302 });
    expect(requests).toHaveLength(1);
  });

  it('that is not JSON is not read, and its connection not used again', async () => {
    const { origin, sockets } = await serve((socket, count) =>
      socket.write(count === 1 ? http('<html>', 'Content-Type: text/html', '503 Down') : http('{}')),
    );
    const transport = open();
    expect(await transport.send(get(origin), { budget: budgetOf(15_000) })).toMatchObject({
      status: 503,
      json: false,
      text: '',
    });
    await settled();
    expect(await transport.send(get(origin), { budget: budgetOf(15_000) })).toMatchObject({ text: '{}' });
    expect(sockets).toHaveLength(2);
  });

  it('without content is JSON without text', async () => {
    const { origin } = await serve((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
    expect(await open().send(get(origin), { budget: budgetOf(15_000) })).toMatchObject({ status: 204, text: '' });
  });
});

describe('a header that came twice', () => {
  const answerWith = async (...lines: string[]) => {
    const { origin } = await serve((socket) => socket.write(http('{}', lines.join('\r\n'))));
    return open().send(get(origin), { budget: budgetOf(15_000) });
  };

  it('is one text: the first', async () => {
    const { headers, json } = await answerWith(
      'Content-Type: application/json',
      'content-type: application/json; charset=utf-8',
      'request-id: one',
      'request-id: two',
      'Date: Thu, 26 Nov 2026 17:28:12 GMT',
      'Date: Thu, 26 Nov 2026 17:28:13 GMT',
    );
    expect(json).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'request-id': 'one',
      date: 'Thu, 26 Nov 2026 17:28:12 GMT',
    });
  });

  it('is a list of challenges when it is one', async () => {
    const { headers } = await answerWith(
      'WWW-Authenticate: Basic realm="proxy"',
      'WWW-Authenticate: Bearer claims="e30="',
    );
    expect(headers['www-authenticate']).toBe('Basic realm="proxy", Bearer claims="e30="');
  });

  it.each([
    [['1', '30'], '30'],
    [['30', '1'], '30'],
    [['soon', '2'], '2'],
    [['2', 'Fri, 31 Dec 2100 23:59:59 GMT'], 'Fri, 31 Dec 2100 23:59:59 GMT'],
    [['a', 'b'], 'a'],
  ])('is the longest wait of %j', async (values, longest) => {
    const { headers } = await answerWith(...values.map((value) => `Retry-After: ${value}`));
    expect(headers['retry-after']).toBe(longest);
  });
});

describe('no answer', () => {
  const failing = (origin: string, transport = open(), budget = budgetOf(15_000)) =>
    expect(transport.send(get(origin), { budget })).rejects;

  it('when nobody listens: refused, never sent', async () => {
    const { origin, server } = await serve(() => undefined);
    server.close();
    await once(server, 'close');
    await failing(origin).toMatchObject({ kind: 'refused', sent: false });
  });

  it('when who listens does not speak TLS: unreachable, never sent', async () => {
    const { origin } = await serve((socket) => socket.end('this is not TLS'));
    await failing(origin.replace('http:', 'https:')).toMatchObject({ kind: 'unreachable', sent: false });
  });

  it('when the connection breaks: sent, so nobody knows', async () => {
    const { origin } = await serve((socket) => socket.destroy());
    await failing(origin).toMatchObject({ kind: 'broken', sent: true });
  });

  it('when the connection breaks in the middle of the body', async () => {
    const { origin } = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":');
      setImmediate(() => socket.destroy());
    });
    await failing(origin).toMatchObject({ kind: 'broken', sent: true });
  });

  it('when what comes is not HTTP', async () => {
    const { origin } = await serve((socket) => socket.write('220 mail ready\r\n'));
    await failing(origin).toMatchObject({ kind: 'broken', sent: true });
  });

  it('when more comes than any answer has, announced or not', async () => {
    const announced = await serve((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4194305\r\n\r\n{'),
    );
    await failing(announced.origin).toMatchObject({ kind: 'too-large' });
    const chunked = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
      for (let part = 0; part < 5; part += 1) socket.write(`100000\r\n${'x'.repeat(0x100000)}\r\n`);
    });
    await failing(chunked.origin).toMatchObject({ kind: 'too-large', sent: true });
  });

  it('when the budget runs out, or was over before anything was sent', async () => {
    const { origin, requests } = await serve(() => undefined);
    await failing(origin, open(), budgetOf(250)).toMatchObject({ kind: 'timeout', sent: true });
    const over = budgetOf(15_000);
    over.cancel();
    await failing(origin, open(), over).toMatchObject({ kind: 'cancelled', sent: false });
    expect(requests).toHaveLength(1);
  });

  it('when one exchange may take less time than the budget', async () => {
    const { origin } = await serve(() => undefined);
    const slow = open().send(get(origin), { budget: budgetOf(15_000), answerWithinMs: 20 });
    await expect(slow).rejects.toMatchObject({ kind: 'slow', sent: true });
  });

  it('when the client goes, unless the request must run to its end', async () => {
    const { origin, sockets } = await serve((socket) => setImmediate(() => socket.write(http('{"done":true}'))));
    const waiting = await serve(() => undefined);
    const [transport, budget] = [open(), budgetOf(15_000)];
    const read = transport.send(get(waiting.origin), { budget });
    const update = transport.send(get(origin), { budget, outlivesClient: true });
    while (sockets.length === 0 || waiting.sockets.length === 0) await settled();
    budget.cancel();
    await expect(read).rejects.toMatchObject({ kind: 'cancelled', sent: true });
    await expect(update).resolves.toMatchObject({ text: '{"done":true}' });
  });
});

describe('connections', () => {
  it('are kept, and renewed when asked', async () => {
    const { origin, sockets } = await serve((socket) => socket.write(http('{}')));
    const transport = open();
    const call = () => transport.send(get(origin), { budget: budgetOf(15_000) });
    await call();
    await settled();
    await call();
    await settled();
    expect(sockets).toHaveLength(1);
  });

  it('are left alone by a request that wants a fresh one, which is used for nothing else', async () => {
    const { origin, sockets, requests } = await serve((socket) => socket.write(http('{}')));
    const transport = open();
    const call = (freshConnection = false) =>
      transport.send(get(origin), { budget: budgetOf(15_000), freshConnection });
    await call();
    await settled();
    for (let time = 0; time < 3; time += 1) {
      await call(true);
      await settled();
    }
    expect(sockets).toHaveLength(4);
    await call();
    expect(sockets).toHaveLength(4);
    const closing = requests.map((text) => /^connection: (.*)$/im.exec(text)?.[1]);
    expect(closing).toEqual(['keep-alive', 'close', 'close', 'close', 'keep-alive']);
    expect(sockets.map((socket) => socket.destroyed || socket.readableEnded)).toEqual([false, true, true, true]);
  });

  it('are no more than allowed', async () => {
    const { origin, sockets } = await serve((socket) => setImmediate(() => socket.write(http('{}'))));
    const transport = open();
    await Promise.all(Array.from({ length: 40 }, () => transport.send(get(origin), { budget: budgetOf(15_000) })));
    expect(sockets).toHaveLength(4);
  });

  it('are gone after close, with what was in flight', async () => {
    const { origin, sockets } = await serve(() => undefined);
    const transport = open();
    const pending = transport.send(get(origin), { budget: budgetOf(15_000) });
    while (sockets.length === 0) await settled();
    await Promise.all([expect(pending).rejects.toMatchObject({ name: 'HttpFailure' }), transport.close()]);
  });
});
