import { describe, expect, it } from 'vitest';
import { applied, dropConnection, graphError, repeated, throttled } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { updateSession } from '../support/update-session.ts';

const BY_ID = 'query ($ids: [ID!]!) { l: remoteHelpSessionResponsesById(ids: $ids) { deviceName } }';
const ids = (count: number) => Array.from({ length: count }, (_, index) => `s-${index}`);
const limited = (requests: number) => startGateway({ env: { GRAPH_REQUESTS_PER_MINUTE: String(requests) } });
/** What Graph counts: entries of batches one by one. */
const counted = ({ emulator }: Pick<TestGateway, 'emulator'>) =>
  emulator.graph.requests.reduce((sum, { batch }) => sum + (batch?.length ?? 1), 0);
const OTHER = '00000000-0000-4000-8000-0000000000aa';

describe('GRAPH_REQUESTS_PER_MINUTE', () => {
  it('counts the entries of a batch one by one, and sends none of a group that has not enough left', async () => {
    const gateway = await limited(200);
    const { query } = gateway;
    expect((await query(BY_ID, { variables: { ids: ids(50) } })).body.errors).toBeUndefined();
    const refused = await query(BY_ID, { variables: { ids: ids(200) } });
    expect(counted(gateway)).toBe(50);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
    expect(refused.body.errors).toHaveLength(200);
    expect(refused.body.errors[0].extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    // Nothing was spent on it.
    const rest = await query(BY_ID, { variables: { ids: ids(150) } });
    expect([rest.status, rest.body.errors, counted(gateway)]).toEqual([200, undefined, 200]);
    expect((await query('{ remoteHelpSessionResponse(id: "session-1") { id } }')).status).toBe(429);
    expect(counted(gateway)).toBe(200);
  });

  it('counts an id once, however often an operation names it', async () => {
    const gateway = await limited(2);
    const document = `{ a: remoteHelpSessionResponse(id: "session-1") { id } b: remoteHelpSessionResponse(id: "session-1") { deviceName }
      c: remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { id } }`;
    expect((await gateway.query(document)).body.errors).toBeUndefined();
    expect(counted(gateway)).toBe(2);
  });

  it('counts each page of a list', async () => {
    const gateway = await limited(3);
    const document =
      '{ a: remoteHelpSessionResponses { nodes { id } } b: remoteHelpSessionResponses { nodes { id } } }';
    expect((await gateway.query(document)).status).toBe(200);
    const { status, body } = await gateway.query(document);
    expect([status, body.errors.length]).toEqual([429, 1]);
    await expect.poll(() => counted(gateway)).toBe(3);
    expect(body.errors[0].extensions.code).toBe('RATE_LIMITED');
  });

  it('refuses an update before anything is sent, and says so', async () => {
    const gateway = await limited(1);
    expect((await updateSession(gateway)).body.errors).toBeUndefined();
    const { status, body } = await updateSession(gateway);
    expect(status).toBe(429);
    expect(body.errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', outcome: 'NOT_APPLIED', retryAfterSeconds: expect.any(Number) } },
    ]);
    expect(counted(gateway)).toBe(1);
  });

  it('is each caller’s own', async () => {
    const gateway = await limited(1);
    const other = await gateway.emulator.entra.mintToken({ oid: OTHER });
    await updateSession(gateway);
    expect((await updateSession(gateway)).status).toBe(429);
    expect((await updateSession(gateway, { token: other })).body.errors).toBeUndefined();
  });

  it('is over after a minute, and off with 0', async () => {
    let now = Date.now();
    const gateway = await startGateway({
      env: { GRAPH_REQUESTS_PER_MINUTE: '1' },
      dependencies: { clock: () => now },
    });
    await updateSession(gateway);
    expect((await updateSession(gateway)).status).toBe(429);
    now += 60_000;
    expect((await updateSession(gateway)).status).toBe(200);

    const unlimited = await limited(0);
    expect((await unlimited.query(BY_ID, { variables: { ids: ids(200) } })).body.errors).toBeUndefined();
    expect(counted(unlimited)).toBe(200);
  });
});

describe('what follows a request counts too', () => {
  it('a repetition that is not paid for is not made, and the failure before it is the answer', async () => {
    const gateway = await limited(2);
    gateway.emulator.graph.respondWith(repeated(9, graphError(500, 'generalException')));
    const { body } = await gateway.query('{ remoteHelpSessionResponse(id: "session-1") { id } }');
    expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', graph: { status: 500 } } }]);
    expect(counted(gateway)).toBe(2);
  });

  it('so for the entries of a batch, and for an update, which has not been applied', async () => {
    const gateway = await limited(3);
    const { graph } = gateway.emulator;
    graph.respondWith({ ...repeated(9, graphError(503, 'x')), match: { inBatch: true } });
    const { body } = await gateway.query(BY_ID, { variables: { ids: ids(2) } });
    expect(body.errors[0].extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', graph: { status: 503 } });
    expect(counted(gateway)).toBe(2);
    graph.clear();
    graph.respondWith(repeated(9, throttled(0)));
    const update = await updateSession(gateway);
    expect(update.body.errors[0].extensions).toMatchObject({ code: 'THROTTLED', outcome: 'NOT_APPLIED' });
    expect(counted(gateway)).toBe(1);
  });

  it('but an update that was applied is never an error for it: neither its look back nor the read after a 204', async () => {
    const gateway = await limited(2);
    const { graph } = gateway.emulator;
    graph.respondWith(applied(dropConnection()));
    expect((await updateSession(gateway)).body.errors).toBeUndefined();
    expect(counted(gateway)).toBe(2);
    expect((await updateSession(gateway)).status).toBe(429);

    const other = await limited(1);
    other.emulator.graph.patchAnswers = 204;
    expect((await updateSession(other)).body.errors).toBeUndefined();
    other.emulator.graph.respondWith(applied(dropConnection()));
    expect(counted(other)).toBe(2);
  });
});
