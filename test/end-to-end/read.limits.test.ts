import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const BY_ID = 'query ($ids: [ID!]!) { l: remoteHelpSessionResponsesById(ids: $ids) { deviceName } }';
const some = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `n-${from + index}`);

it.each([
  ['in one list', BY_ID, { ids: some(201) }],
  [
    'over lists and aliases',
    `query ($ids: [ID!]!, $more: [ID!]!) { l: remoteHelpSessionResponsesById(ids: $ids) { deviceName }
      ...M one: remoteHelpSessionResponse(id: "one") { deviceName } }
      fragment M on Query { m: remoteHelpSessionResponsesById(ids: $more) { deviceName } }`,
    { ids: some(150), more: some(100, 100) },
  ],
  ['by repeating them more than a thousand times', BY_ID, { ids: Array(1001).fill('session-1') }],
])('refuses too many ids %s with HTTP 400, before any call', async (_where, document, variables) => {
  const { query, emulator } = await startGateway();
  const answer = await query(document, { variables });
  expect(answer.status).toBe(400);
  expect(answer.body.data).toBeUndefined();
  expect(answer.body.errors).toMatchObject([
    { message: expect.stringMatching(/at most 200/), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
  expect(emulator.graph.requests).toEqual([]);
  expect(emulator.entra.requests.filter(({ path }) => path.endsWith('/token'))).toEqual([]);
});

it('reads 200 different ids in 10 batches, however often each is named', async () => {
  const { query, emulator } = await startGateway();
  const ids = [...some(200), ...some(200)];
  const { status, body } = await query(BY_ID, { variables: { ids } });
  expect(status).toBe(200);
  expect(body).toEqual({ data: { l: ids.map(() => null) } });
  expect(emulator.graph.requests.map(({ batch }) => batch?.length)).toEqual(Array(10).fill(20));
});

it('does not count what @skip leaves out', async () => {
  const { query, emulator } = await startGateway();
  const document = `query ($a: [ID!]!, $b: [ID!]!, $no: Boolean!) {
    a: remoteHelpSessionResponsesById(ids: $a) { deviceName }
    b: remoteHelpSessionResponsesById(ids: $b) @include(if: $no) { deviceName } }`;
  const { status } = await query(document, { variables: { a: some(150), b: some(150, 150), no: false } });
  expect(status).toBe(200);
  expect(emulator.graph.requests).toHaveLength(8);
});
