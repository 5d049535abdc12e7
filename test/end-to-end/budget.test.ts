import { beforeAll, describe, expect, it } from 'vitest';
import { applied, delayed, forRequests, graphError, hang, repeated } from '../../src/emulator/faults.ts';
import { azureIdentity } from '../../src/entra/exchange/azure-identity.ts';
import { operations } from '../support/fault-table.ts';
import { startGateway } from '../support/gateway.ts';

beforeAll(() => void azureIdentity());

const BUDGET_MS = 600;
const LATE_MS = BUDGET_MS + 2_000;
const env = { REQUEST_TIMEOUT_MS: String(BUDGET_MS) };

describe('one budget for the whole operation', () => {
  it('holds the exchange and the call together: neither is late, both are', async () => {
    const { query, emulator } = await startGateway({ env });
    await query(operations.single);
    const token = await emulator.entra.mintToken();
    // Each would fit alone, below the limit of one attempt.
    emulator.entra.respondWith(forRequests({ method: 'POST' }, delayed(350)));
    emulator.graph.respondWith(delayed(350));
    const { body } = await query(operations.single, { token });
    expect(body.errors[0].extensions).toStrictEqual({
      code: 'UPSTREAM_TIMEOUT',
      graph: {
        status: null,
        code: null,
        requestId: null,
        clientRequestId: emulator.graph.requests.at(-1)?.headers['client-request-id'],
        date: null,
      },
    });
  });

  it('leaves a read all of it: an answer that comes late in it is an answer', async () => {
    const { query, emulator } = await startGateway({ env: { REQUEST_TIMEOUT_MS: '4000' } });
    await query(operations.single);
    // Late for two thirds of the budget and for a third: headers, and the rest of the body.
    emulator.graph.respondWith(delayed(3_200));
    expect((await query(operations.list)).body.errors).toBeUndefined();
  });

  it('holds the waits: a backoff that does not fit is not begun', async () => {
    // The longest backoffs: 500, 1000 and 2000 ms.
    const { query, emulator } = await startGateway({ env, dependencies: { random: () => 1 } });
    emulator.graph.respondWith(repeated(9, graphError(500, 'generalException')));
    const { body } = await query(operations.single);
    expect(body.errors[0].extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', graph: { status: 500 } });
    expect(emulator.graph.requests.length).toBeLessThanOrEqual(2);
  });

  it('holds all calls of one operation: updates one after another', async () => {
    const { query, emulator } = await startGateway({ env });
    emulator.graph.respondWith(repeated(Number.POSITIVE_INFINITY, delayed(250)));
    const update = 'updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "x" })';
    const fields = '{ remoteHelpSessionResponse { deviceName } }';
    const began = performance.now();
    const { body } = await query(`mutation { a: ${update} ${fields} b: ${update} ${fields} c: ${update} ${fields} }`);
    expect(performance.now() - began).toBeLessThan(LATE_MS);
    expect(body.errors[0].extensions).toMatchObject({ code: 'UPSTREAM_TIMEOUT', outcome: 'UNKNOWN' });
    expect(emulator.graph.requests.filter(({ method }) => method === 'PATCH').length).toBeLessThan(3);
  });

  it('leaves an update time for its read-back, however late it was sent', async () => {
    // Enough for a machine that is busy with other tests.
    const { query, emulator } = await startGateway({ env: { REQUEST_TIMEOUT_MS: '3000' } });
    const token = await emulator.entra.mintToken();
    emulator.entra.respondWith(forRequests({ method: 'POST' }, delayed(1_500)));
    emulator.graph.respondWith(applied(hang()));
    const { body } = await query(operations.update, { token });
    expect(body.errors).toBeUndefined();
    expect(emulator.graph.requests.map(({ method }) => method)).toStrictEqual(['PATCH', 'GET']);
  });
});

describe('a read-back after an outcome that nobody knows', () => {
  const input = `sessionTypes: [UNATTENDED, VIEW_SCREEN, ELEVATION], sessionExpirationDateTime: "2031-01-01T12:00:00.50Z",
    deviceName: null, acsGroupId: "group"`;
  const update = `mutation { answer: updateRemoteHelpSessionResponse(id: "session-1", input: { ${input} }) {
    remoteHelpSessionResponse { deviceName sessionTypes webClientUri } } }`;

  it.each([
    ['as they were sent', {}, true],
    ['flags in another order', { sessionType: 'elevation,viewScreen, unattended' }, true],
    ['the same instant in another zone', { sessionExpirationDateTime: '2031-01-01T13:00:00.5+01:00' }, true],
    ['a flag less', { sessionType: 'unattended,viewScreen' }, false],
    ['a tenth of a microsecond later', { sessionExpirationDateTime: '2031-01-01T12:00:00.5000001Z' }, false],
    ['a value where null was sent', { deviceName: 'x' }, false],
    ['another text', { acsGroupId: 'Group' }, false],
  ])('finds the values %s', async (_how, stored, success) => {
    const { query, emulator } = await startGateway();
    const { graph } = emulator;
    graph.respondWith(applied(graphError(504, 'timeout')));
    // What another writer, or Graph's own spelling, makes of it between the update and the read-back.
    graph.respondWith({ ...delayed(50), match: { method: 'GET' } });
    const answer = query(update);
    await expect.poll(() => graph.requests.length, { interval: 1 }).toBe(2);
    graph.sessions.set('session-1', { ...graph.sessions.get('session-1'), ...stored });
    const { body } = await answer;
    expect(graph.requests.map(({ method }) => method)).toStrictEqual(['PATCH', 'GET']);
    expect(graph.requests[1]?.url).toMatch(/\$select=(?=.*sessionType)(?=.*acsGroupId)(?=.*webClientUri)/);
    if (success) {
      expect(body.data.answer.remoteHelpSessionResponse).toStrictEqual({
        deviceName: null,
        sessionTypes: expect.arrayContaining(['UNATTENDED', 'ELEVATION', 'VIEW_SCREEN']),
        webClientUri: graph.sessions.get('session-1')?.webClientUri,
      });
    } else {
      expect(body.errors[0].extensions).toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
        outcome: 'UNKNOWN',
        graph: { status: 504 },
      });
    }
  });
});

it('a path that Graph does not know is the operator’s matter: the log names the setting, the client reads nothing', async () => {
  const { query, logs } = await startGateway({ env: { GRAPH_SESSIONS_PATH: 'NoSuchCollection' } });
  for (const document of Object.values(operations)) {
    const { body } = await query(document);
    expect(body.errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(body)).not.toMatch(/GRAPH_SESSIONS_PATH|NoSuchCollection/);
  }
  const named = logs().filter(({ level, hint }) => level === 50 && String(hint).includes('GRAPH_SESSIONS_PATH'));
  expect(named.length).toBeGreaterThanOrEqual(4);
});
