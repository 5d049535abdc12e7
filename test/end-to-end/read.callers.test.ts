import { expect, it } from 'vitest';
import { entraError, forRequests } from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const ONE = '{ remoteHelpSessionResponse(id: "session-1") { acsHelperUserToken } }';
const TWO = '{ l: remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { deviceName } }';
const ALICE = '11111111-aaaa-4aaa-8aaa-000000000001';
const BOB = '22222222-bbbb-4bbb-8bbb-000000000002';

const dataFor = (oid: string) =>
  forRequests({ oid, method: 'GET' }, { status: 200, body: { value: { acsHelperUserToken: `of ${oid}` } } });

it('shares nothing between two callers who ask for the same session in the same tick', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith([dataFor(ALICE), dataFor(BOB)]);
  const answers = await Promise.all(
    [ALICE, BOB].map((oid) => query(ONE, { token: emulator.entra.mintToken({ oid }) })),
  );
  expect(answers.map(({ body }) => body.data.remoteHelpSessionResponse.acsHelperUserToken)).toEqual([
    `of ${ALICE}`,
    `of ${BOB}`,
  ]);
  const { requests } = emulator.graph;
  expect(sentToGraph(emulator)).toEqual(Array(2).fill('session-1?$select=acsHelperUserToken'));
  expect(new Set(requests.map(({ oid }) => oid))).toEqual(new Set([ALICE, BOB]));
  expect(new Set(requests.map(({ authorization }) => authorization)).size).toBe(2);
});

it('puts no two callers into one batch', async () => {
  const { query, emulator } = await startGateway();
  const tokens = [ALICE, BOB].map((oid) => emulator.entra.mintToken({ oid }));
  await Promise.all(tokens.map((token) => query(TWO, { token })));
  const batches = emulator.graph.requests.map(({ oid, batch }) => [oid, batch?.length]);
  expect(batches.toSorted()).toEqual([
    [ALICE, 2],
    [BOB, 2],
  ]);
});

it('shares nothing between two requests of one caller, at the same time or after each other', async () => {
  const { query, emulator } = await startGateway();
  const token = emulator.entra.mintToken();
  await Promise.all([query(ONE, { token }), query(ONE, { token })]);
  expect(emulator.graph.requests).toHaveLength(2);
  emulator.graph.sessions.set('session-1', { acsHelperUserToken: 'new' });
  const { body } = await query(ONE, { token });
  expect(body.data.remoteHelpSessionResponse.acsHelperUserToken).toBe('new');
});

const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}';

it.each(['envelope', 'entry'] as const)(
  'meets a claims challenge at the %s of a batch with one new token',
  async (at) => {
    const { query, emulator } = await startGateway();
    emulator.graph.requireClaims(CLAIMS, { at });
    const { body } = await query(TWO);
    expect(body).toEqual({ data: { l: [{ deviceName: 'Reception tablet' }, { deviceName: 'Warehouse scanner 07' }] } });
    const exchanges = emulator.entra.requests.filter(({ path }) => path.endsWith('/token'));
    expect(exchanges).toHaveLength(2);
    expect(exchanges[0]?.form?.claims).not.toContain('nbf');
    expect(exchanges[1]?.form?.claims).toContain('nbf');
  },
);

it('answers INTERACTION_REQUIRED when Entra does not meet the challenge of an entry without the user', async () => {
  const { query, emulator } = await startGateway();
  const token = emulator.entra.mintToken({ oid: ALICE });
  await query(TWO, { token });
  emulator.graph.requireClaims(CLAIMS, { at: 'entry' });
  const refusal = { error: 'interaction_required', suberror: 'basic_action', claims: CLAIMS };
  emulator.entra.respondWith(forRequests({ path: /\/token$/ }, entraError(50076, refusal)));
  const answer = await query(TWO, { token });
  expect(answer.status).toBe(401);
  expect(answer.headers['www-authenticate']).toContain('claims=');
  expect(answer.body.data).toEqual({ l: [null, null] });
  expect(answer.body.errors).toMatchObject(
    [0, 1].map((index) => ({ path: ['l', index], extensions: { code: 'INTERACTION_REQUIRED', claims: CLAIMS } })),
  );
});

it('takes a 403 entry with a claims challenge for a challenge, and one without for a refusal', async () => {
  const { query, emulator } = await startGateway();
  const challenge = `Bearer error="insufficient_claims", claims="${Buffer.from(CLAIMS).toString('base64')}"`;
  const forbidden = { status: 403, body: { error: { code: 'Forbidden', message: '' } } };
  emulator.graph.respondWith([
    forRequests({ inBatch: true, path: /-1$/ }, { ...forbidden, headers: { 'Www-Authenticate': challenge } }),
    forRequests({ inBatch: true, path: /-2$/ }, forbidden),
  ]);
  const { body } = await query(TWO);
  expect(body.data.l).toEqual([{ deviceName: 'Reception tablet' }, null]);
  expect(body.errors).toMatchObject([{ path: ['l', 1], extensions: { code: 'FORBIDDEN' } }]);
});

it('one token is one caller, however its header is spelt', async () => {
  const gateway = await startGateway();
  const { entra } = gateway.emulator;
  const token = entra.mintToken();
  entra.clear();
  for (const scheme of ['Bearer ', 'Bearer  ', 'bearer ', 'BEARER    ', `Bearer${' '.repeat(50)}`]) {
    const { body } = await gateway.query('{ remoteHelpSessionResponse(id: "session-1") { deviceName } }', {
      token: null,
      headers: { authorization: `${scheme}${token}` },
    });
    expect(body).toEqual({ data: { remoteHelpSessionResponse: { deviceName: expect.any(String) } } });
  }
  expect(entra.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});
