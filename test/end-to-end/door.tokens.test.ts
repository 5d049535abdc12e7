import { beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const field = 'remoteHelpSessionResponse(id: "session-1") { deviceName }';
const update =
  'mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "x" }) { __typename } }';

/** What is asked for, and the status of a GET that any page could send, of a preflighted GET, and of a POST. */
type Row = readonly [name: string, document: string, forged: number, get: number, post: number];

const withoutToken: readonly Row[] = [
  ['a read', `{ ${field} }`, 401, 401, 401],
  ['a list', '{ remoteHelpSessionResponses { nodes { id } } }', 401, 401, 401],
  ['an update', update, 401, 401, 401],
  ['a read beside introspection', `{ __typename ${field} }`, 401, 401, 401],
  ['a read in a fragment', `{ ...F } fragment F on Query { ${field} }`, 401, 401, 401],
  ['a read in an inline fragment', `{ ... { ${field} } }`, 401, 401, 401],
  ['a read under the name of introspection', `{ __typename: ${field} }`, 401, 401, 401],
  ['a read that is left out', `{ __typename ... @include(if: false) { ${field} } }`, 401, 401, 401],
  ['a read of a field that does not exist', '{ nothing }', 401, 401, 401],
  ['a subscription', 'subscription { nothing }', 401, 401, 401],
  ['__typename', '{ __typename }', 400, 200, 200],
  ['introspection', '{ __schema { queryType { name } } }', 400, 200, 200],
  ['introspection in a fragment', '{ ...F } fragment F on Query { __type(name: "Query") { name } }', 400, 200, 200],
  ['a fragment in itself', '{ ...F } fragment F on Query { __typename ...F }', 400, 400, 400],
  ['no document', '{', 400, 400, 400],
  ['an empty document', '', 400, 400, 400],
];

const withToken: readonly Row[] = [
  ['a read', `{ ${field} }`, 200, 200, 200],
  ['an update', update, 405, 405, 200],
  ['__typename', '{ __typename }', 200, 200, 200],
];

let gateway: TestGateway;
let authorization: string;
const preflighted = { 'apollo-require-preflight': '1' };

/** The three ways to ask, and what came of each. */
async function ask(document: string, token: Record<string, string>) {
  const address = `/graphql?query=${encodeURIComponent(document)}`;
  return [
    await gateway.http(address, { headers: token }),
    await gateway.http(address, { headers: { ...token, ...preflighted } }),
    await gateway.http('/graphql', {
      method: 'POST',
      headers: { ...token, 'content-type': 'application/json' },
      body: JSON.stringify({ query: document }),
    }),
  ];
}

function expectAnswers(answers: Awaited<ReturnType<typeof ask>>, statuses: readonly number[]) {
  expect(answers.map(({ status }) => status)).toStrictEqual(statuses);
  for (const { status, headers, body } of answers) {
    if (status === 401) {
      expect(headers['www-authenticate']).toBe('Bearer');
      expect(body).toStrictEqual({
        errors: [{ message: expect.stringContaining('access token'), extensions: { code: 'UNAUTHENTICATED' } }],
      });
    }
  }
}

describe('outside production', () => {
  beforeEach(async () => {
    gateway = await startGateway();
    authorization = `Bearer ${gateway.emulator.entra.mintToken()}`;
  });

  it.each(withoutToken)('without a token: %s', async (_name, document, ...statuses) => {
    const { entra, graph } = gateway.emulator;
    const before = [entra.requests.length, graph.requests.length];
    expectAnswers(await ask(document, {}), statuses);
    expect([entra.requests.length, graph.requests.length], 'nothing has run').toStrictEqual(before);
  });

  it('without a token, a persisted query is not looked up', async () => {
    const extensions = encodeURIComponent('{"persistedQuery":{"version":1,"sha256Hash":"00"}}');
    for (const headers of [{}, preflighted]) {
      const { status } = await gateway.http(`/graphql?extensions=${extensions}`, { headers });
      expect(status).toBe(401);
    }
  });

  it.each(withToken)('with a token: %s', async (_name, document, ...statuses) => {
    expectAnswers(await ask(document, { authorization }), statuses);
  });

  it('with a token that is no good, whatever is asked', async () => {
    for (const document of ['{ __typename }', `{ ${field} }`, '{']) {
      const answers = await ask(document, { authorization: 'Bearer a.b.c' });
      expect(answers.map(({ status }) => status)).toStrictEqual([401, 401, 401]);
    }
  });
});

describe('in production', () => {
  beforeEach(async () => {
    gateway = await startGateway({ env: { NODE_ENV: 'production' } });
  });

  it.each(withoutToken)('without a token: %s', async (_name, document) => {
    expectAnswers(await ask(document, {}), [401, 401, 401]);
  });
});
