import { describe, expect, it } from 'vitest';
import { applied, dropConnection, graphError, hang, repeated, throttled } from '../../src/emulator/faults.ts';
import { operations } from '../support/fault-table.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { startRawGraph } from '../support/raw-graph.ts';
import { httpAnswer } from '../support/raw-server.ts';
import { updateSession } from '../support/update-session.ts';

const session = httpAnswer(JSON.stringify({ value: { deviceName: 'Real' } }));

/** So many reads, `width` at a time; what became of each. */
async function readMany({ query }: Pick<TestGateway, 'query'>, token: string, count: number, width: number) {
  const outcomes: string[] = [];
  let left = count;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const { body } = await query(operations.single, { token });
      outcomes.push(body.errors?.[0].extensions.code ?? 'OK');
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return outcomes;
}

describe('connections', () => {
  it.each([
    ['503 of Graph', httpAnswer('{"error":{"code":"serviceNotAvailable"}}', { status: 503 })],
    ['page of a proxy', httpAnswer('<html>', { status: 503, headers: { 'Content-Type': 'text/html' } })],
  ])(
    'are kept although every twentieth answer is the %s: only the repetition has another one',
    async (_what, fault) => {
      let count = 0;
      const gateway = await startRawGraph(
        (socket) => {
          count += 1;
          socket.write(count % 20 === 0 ? fault : session);
        },
        { env: { RATE_LIMIT_PER_MINUTE: '0', GRAPH_REQUESTS_PER_MINUTE: '0' } },
      );
      const { graph, emulator } = gateway;
      const token = await emulator.entra.mintToken();
      // In step with the faults, repetitions would meet the next one each time.
      const [READS, WIDTH] = [1_050, 13];
      expect(new Set(await readMany(gateway, token, READS, WIDTH))).toEqual(new Set(['OK']));
      const repeats = graph.requests.length - READS;
      expect(repeats).toBeGreaterThan(40);
      // One for each that reads at a time (undici has one back a turn late), one for each repetition, and where the page
      // of a proxy closed one, its replacement.
      expect(graph.connections).toBeLessThanOrEqual(2 * WIDTH + 2 * repeats);
      const used = Map.groupBy(graph.requests, ({ connection }) => connection);
      const alone = [...used.values()].filter((requests) => requests.length === 1);
      expect(alone.length).toBeGreaterThanOrEqual(repeats);
      expect(Math.max(...[...used.values()].map((requests) => requests.length))).toBeGreaterThan(10);
    },
  );
});

describe('an outage', () => {
  it.each([
    ['503', graphError(503, 'serviceNotAvailable')],
    ['500', graphError(500, 'generalException')],
    ['a broken connection', dropConnection()],
  ])('of %s costs Graph a fifth more calls than there are, and not three times as many', async (_what, fault) => {
    const gateway = await startGateway({ env: { RATE_LIMIT_PER_MINUTE: '0', GRAPH_REQUESTS_PER_MINUTE: '0' } });
    const { graph, entra } = gateway.emulator;
    graph.respondWith(repeated(Number.POSITIVE_INFINITY, fault));
    expect(new Set(await readMany(gateway, await entra.mintToken(), 400, 20))).toEqual(
      new Set(['UPSTREAM_UNAVAILABLE']),
    );
    expect(graph.requests.length).toBeGreaterThan(400);
    expect(graph.requests.length).toBeLessThanOrEqual(400 * 1.2 + 50);
  });
});

describe('a header that comes twice', () => {
  const twice = (status: number, lines: string) =>
    httpAnswer('{"error":{"code":"serviceNotAvailable"}}', { status }).replace(
      'Content-Type',
      `${lines}request-id: one\r\nrequest-id: two\r\nContent-Type`,
    );

  it.each(['single', 'batch', 'list', 'update'] as const)(
    'does not keep a 503 from being asked again, %s',
    async (operation) => {
      const { query, graph } = await startRawGraph((socket, { path }) => {
        if (graph.requests.length === 1) return socket.write(twice(503, 'Retry-After: 0\r\nRetry-After: 0\r\n'));
        const responses = ['0', '1'].map((id) => ({ id, status: 200, body: { deviceName: 'Real' } }));
        const body = path.includes('batch')
          ? { responses }
          : { value: path.includes('top') ? [] : { deviceName: 'Real' } };
        return socket.write(httpAnswer(JSON.stringify(body)));
      });
      const { body } = await query(operations[operation]);
      expect(body.errors).toBeUndefined();
      expect(graph.requests).toHaveLength(2);
    },
  );

  it('is told once, and the longer of two waits', async () => {
    const { query, graph, logs } = await startRawGraph((socket) => {
      socket.write(twice(503, 'Retry-After: 1\r\nRetry-After: 70\r\n'));
    });
    const { body } = await query(operations.update);
    expect(body.errors[0].extensions).toMatchObject({
      code: 'THROTTLED',
      outcome: 'NOT_APPLIED',
      retryAfterSeconds: 70,
      graph: { status: 503, requestId: 'one' },
    });
    expect(graph.requests).toHaveLength(1);
    expect(logs().find(({ msg }) => msg === 'operation')).toMatchObject({ graphRequestIds: ['one'] });
  });
});

describe('the client-request-id that was sent', () => {
  const sent = ({ emulator }: TestGateway) =>
    emulator.graph.requests.map(({ headers }) => headers['client-request-id']);
  const line = ({ logs }: TestGateway) => logs().find(({ msg }) => msg === 'operation');

  it('is told of an update whose answer was lost, and of the look that could not settle it', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith([dropConnection(), repeated(9, graphError(403, 'Forbidden'))]);
    const { body } = await updateSession(gateway);
    const [patch, look] = sent(gateway);
    expect(body.errors[0].extensions).toEqual({
      code: 'UPSTREAM_UNAVAILABLE',
      outcome: 'UNKNOWN',
      graph: { status: null, code: null, requestId: null, clientRequestId: patch, date: null },
    });
    expect(line(gateway)?.clientRequestIds).toEqual([patch, look]);
  });

  it('is told of a read that had no answer in time', async () => {
    const gateway = await startGateway({ env: { REQUEST_TIMEOUT_MS: '600' } });
    await gateway.query(operations.single);
    gateway.emulator.graph.clear();
    gateway.emulator.graph.respondWith(hang());
    const { body } = await gateway.query(operations.single);
    expect(body.errors[0].extensions).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      graph: { status: null, clientRequestId: sent(gateway)[0] },
    });
  });

  it('is kept of every attempt that failed, also where the operation succeeds, and of no other', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith([throttled(0), dropConnection(), graphError(500, 'x')]);
    await gateway.query(operations.single);
    expect(sent(gateway)).toHaveLength(4);
    expect(line(gateway)?.clientRequestIds).toEqual(sent(gateway).slice(0, 3));

    const other = await startGateway();
    await other.query('{ remoteHelpSessionResponse(id: "nobody") { id } }');
    await expect.poll(() => line(other)).toBeDefined();
    expect(line(other)?.clientRequestIds ?? []).toEqual([]);
  });

  it('is not told where nothing was sent', async () => {
    const gateway = await startGateway();
    await gateway.query(operations.single);
    await gateway.emulator.graph.stop();
    const { body } = await updateSession(gateway);
    expect(body.errors[0].extensions).toEqual({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'NOT_APPLIED' });
  });

  it('of an applied update is told even when only the look back tells that it was', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(applied(dropConnection()));
    expect((await updateSession(gateway)).body.errors).toBeUndefined();
    expect(line(gateway)?.clientRequestIds).toEqual(sent(gateway).slice(0, 1));
  });
});

it('a silence that Graph asks for leaves one line when it begins and one when it ends', async () => {
  const { query, emulator, logs } = await startGateway();
  const held = () => logs().filter(({ msg }) => /held back|go out again/.test(String(msg)));
  emulator.graph.respondWith(throttled(1));
  await query(operations.single);
  await expect.poll(() => held().length, { timeout: 5_000 }).toBe(2);
  expect(held()).toMatchObject([
    { level: 40, msg: 'Microsoft Graph throttles: calls are held back', milliseconds: 1000 },
    { level: 30, msg: 'calls to Microsoft Graph go out again' },
  ]);
});
