import fc from 'fast-check';
import { expect, it } from 'vitest';
import { graphError, repeated } from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';
import { patches } from '../support/update-session.ts';

const update = (name: string, id: string, input: string) =>
  `${name}: updateRemoteHelpSessionResponse(id: ${id}, input: ${input}) { remoteHelpSessionResponse { id deviceName } }`;
const applied = (id: string, deviceName: string) => ({ remoteHelpSessionResponse: { id, deviceName } });

it('each update is sent whatever became of those before it, in their order, and answered for itself', async () => {
  const gateway = await startGateway();
  const { status, body } = await gateway.query(
    `mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
      ${update('first', '$id', '$input')}
      missing: updateRemoteHelpSessionResponse(id: "gone", input: { deviceName: "b" }) { remoteHelpSessionResponse { id } }
      ${update('impossible', '".."', '{ deviceName: "c" }')}
      ${update('empty', '"session-2"', '{}')}
      ${update('last', '"session-2"', '{ deviceName: "e" }')}
    }`,
    { variables: { id: 'session-1', input: { deviceName: 'a' } } },
  );
  expect(status).toBe(200);
  expect(body.data).toEqual({
    first: applied('session-1', 'a'),
    missing: null,
    impossible: null,
    empty: null,
    last: applied('session-2', 'e'),
  });
  expect(Object.keys(body.data)).toEqual(['first', 'missing', 'impossible', 'empty', 'last']);
  expect(body.errors).toMatchObject([
    { path: ['missing'], extensions: { code: 'NOT_FOUND', outcome: 'NOT_APPLIED' } },
    { path: ['impossible'], extensions: { code: 'BAD_USER_INPUT', outcome: 'NOT_APPLIED' } },
    { path: ['empty'], extensions: { code: 'BAD_USER_INPUT', outcome: 'NOT_APPLIED' } },
  ]);
  expect(patches(gateway).map(({ status: each, url }) => [each, url.split('/').at(-1)])).toEqual([
    [200, 'session-1'],
    [404, 'gone'],
    [200, 'session-2'],
  ]);
});

it('one whose outcome nobody knows leaves the others theirs', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith({ status: 502 });
  const { body } = await gateway.query(
    `mutation { ${update('lost', '"session-1"', '{ deviceName: "a" }')} ${update('good', '"session-2"', '{ deviceName: "b" }')} }`,
  );
  expect(body.data).toEqual({ lost: null, good: applied('session-2', 'b') });
  expect(body.errors).toMatchObject([{ path: ['lost'], extensions: { outcome: 'UNKNOWN' } }]);
});

it.each([
  ['as a plan', ''],
  ['by graphql-js', '... @include(if: true) { __typename }'],
])(
  'of several HTTP statuses the first in a fixed order stands, with its own headers: executed %s',
  async (_way, more) => {
    const { emulator, query } = await startGateway({ env: { GRAPH_REQUESTS_PER_MINUTE: '1' } });
    const claims = Buffer.from('{"access_token":{"acrs":{"essential":true,"value":"c1"}}}').toString('base64');
    const refusal = { 'WWW-Authenticate': `Bearer error="insufficient_claims", claims="${claims}"` };
    emulator.graph.respondWith(repeated(Number.POSITIVE_INFINITY, { ...graphError(403, 'x', 'm'), headers: refusal }));
    const [a, b] = ['a', 'b'].map((name) => update(name, '"session-1"', '{ deviceName: "x" }'));
    for (let use = 0; use < 3; use += 1) {
      const token = emulator.entra.mintToken({ oid: crypto.randomUUID() });
      const { status, headers, body } = await query(`mutation { ${a} ${b} ${more} }`, { token });
      expect(body.errors).toMatchObject([
        { path: ['a'], extensions: { code: 'INTERACTION_REQUIRED' } },
        { path: ['b'], extensions: { code: 'RATE_LIMITED' } },
      ]);
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toContain('claims=');
      expect(headers['retry-after']).toBeUndefined();
    }
  },
);

it('a list that fails leaves the reads beside it their answers', async () => {
  const { query } = await startGateway();
  const { status, body } = await query(
    '{ one: remoteHelpSessionResponse(id: "session-1") { id } page: remoteHelpSessionResponses(first: 0) { nodes { id } } }',
  );
  expect(status).toBe(200);
  expect(body.data).toEqual({ one: { id: 'session-1' }, page: null });
  expect(body.errors).toMatchObject([{ path: ['page'], extensions: { code: 'BAD_USER_INPUT' } }]);
});

const CONDITIONAL = ['@include(if: $if)', '@skip(if: $if)'];
const places: [string, (condition: string) => string][] = [
  [
    'of a field of an update',
    (c) =>
      `updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "a" }) { remoteHelpSessionResponse { id ${c} deviceName } }`,
  ],
  [
    'of an update',
    (c) => `updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "a" }) ${c} { __typename }`,
  ],
  [
    'of a fragment',
    (c) => `... ${c} { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "a" }) { __typename } }`,
  ],
];

it.each(places.flatMap(([name, make]) => CONDITIONAL.map((c) => [c, name, make(c)] as const)))(
  'a null in %s %s is the client’s error, and nothing is sent',
  async (_condition, _name, field) => {
    const gateway = await startGateway();
    const document = `mutation ($if: Boolean = true) { ${field} }`;
    const { status, body } = await gateway.query(document, { variables: { if: null } });
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(body.errors[0].extensions).not.toHaveProperty('outcome');
    expect(gateway.emulator.graph.requests).toEqual([]);
    expect(gateway.logText()).not.toMatch(/unforeseen|bug/);
  },
);

it('a null in a condition beside a list of ids is the client’s error too', async () => {
  const gateway = await startGateway();
  const { status, body } = await gateway.query(
    'query ($if: Boolean = true) { remoteHelpSessionResponsesById(ids: ["session-1"]) { id } ... @skip(if: $if) { __typename } }',
    { variables: { if: null } },
  );
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(gateway.emulator.graph.requests).toEqual([]);
});

it.each([
  'text/plain',
  'application/json;odata.metadata=full',
  'application/json; charset=utf-16',
  'application/json-seq',
  'application/json-patch+json',
  'application/json;q=0',
  '*/*;q=0',
  'x*/*y',
])('an update is not run for a client that accepts none of its answers: %s', async (accept) => {
  const gateway = await startGateway();
  const { status, body } = await gateway.query(`mutation { ${update('one', '"session-1"', '{ deviceName: "a" }')} }`, {
    headers: { accept },
  });
  expect(status).toBe(406);
  expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  expect(gateway.emulator.graph.requests).toEqual([]);
});

it('whatever is accepted, an update is either refused and not sent, or sent and answered', async () => {
  const gateway = await startGateway();
  const { graph } = gateway.emulator;
  const type = fc.constantFrom(
    'application/json',
    'application/*',
    '*/*',
    'application/graphql-response+json',
    'text/html',
  );
  const parameter = fc.constantFrom('', ';q=0', ';q=0.5', '; charset=utf-8', ';charset="utf-8"', ';foo=bar', ' ; q=1');
  const accepts = fc.array(
    fc.tuple(type, parameter).map(([one, other]) => one + other),
    { minLength: 1, maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(accepts, fc.integer({ min: 0, max: 2 }), async (accept, document) => {
      graph.clear();
      const headers = { accept: accept.join(', ') };
      const text = `mutation M${document} { ${update('one', '"session-1"', '{ deviceName: "a" }')} }`;
      const { status, body } = await gateway.query(text, { headers });
      expect([status, graph.requests.length, body.data?.one?.remoteHelpSessionResponse !== undefined]).toEqual(
        status === 200 ? [200, 1, true] : [406, 0, false],
      );
    }),
    { numRuns: 30 },
  );
});
