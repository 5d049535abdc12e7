import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');
const everyField = `id sessionKey acsHelperUserToken acsHelperUserId acsSharerUserId acsGroupId sessionType sessionTypes
  deviceName pubSubGroupId pubSubHelperAccessUri sessionExpirationDateTime webClientUri`;
const single = 'remoteHelpSessionResponse';
const update = (index: number) =>
  `a${index}: updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "${index}" }) { __typename }`;

const list = (index: number) => `l${index}: remoteHelpSessionResponses(first: 1) { nodes { deviceName } }`;

function expectNothingSent({ emulator }: TestGateway) {
  expect(emulator.graph.requests).toEqual([]);
  expect(emulator.entra.requests.filter(({ method }) => method === 'POST')).toEqual([]);
}

it('lets 100 aliased reads of every field pass', async () => {
  const { query } = await startGateway();
  const { status, body } = await query(
    `{ ${times(100, (i) => `a${i}: ${single}(id: "session-${1 + (i % 5)}") { ${everyField} }`)} }`,
  );
  expect(status).toBe(200);
  expect(body.errors).toBeUndefined();
  expect(Object.keys(body.data)).toHaveLength(100);
});

it('lets 100 aliased reads of every field pass with a variable for each id', async () => {
  const { query } = await startGateway();
  const variables = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`id${i}`, `session-${1 + (i % 5)}`]));
  const { status, body } = await query(
    `query (${times(100, (i) => `$id${i}: ID!`)}) { ${times(100, (i) => `a${i}: ${single}(id: $id${i}) { ...F }`)} }
     fragment F on RemoteHelpSessionResponse { ${everyField} }`,
    { variables },
  );
  expect(status).toBe(200);
  expect(body.errors).toBeUndefined();
});

it('lets introspection pass outside production, as graphql-js asks for it', async () => {
  const { query } = await startGateway();
  const options = { inputValueDeprecation: true, specifiedByUrl: true, schemaDescription: true, oneOf: true };
  const { status, body } = await query(getIntrospectionQuery(options), { token: null });
  expect(status).toBe(200);
  expect(body.data.__schema.types.length).toBeGreaterThan(10);
});

describe.each<[string, string, RegExp, string, string?]>([
  ['tokens', `{ ${times(5_000, () => '__typename')} }`, /5000 tokens/, 'GRAPHQL_PARSE_FAILED'],
  ['comments', `{ __typename ${'#\n'.repeat(1_001)} }`, /comments/, 'GRAPHQL_PARSE_FAILED'],
  [
    'depth',
    `{ ${'remoteHelpSessionResponses { '.repeat(9)} __typename ${'}'.repeat(9)} }`,
    /levels of fields/,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'nesting too deep for the parser',
    '{ a '.repeat(1_600) + '}'.repeat(1_600),
    /levels of nesting/,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['aliases', `{ ${times(201, (i) => `a${i}: __typename`)} }`, /aliases/, 'GRAPHQL_VALIDATION_FAILED'],
  ['directives', `{ __typename ${times(201, () => '@include(if: true)')} }`, /directives/, 'GRAPHQL_VALIDATION_FAILED'],
  ['updates', `mutation { ${times(11, update)} }`, /root fields of a mutation/, 'GRAPHQL_VALIDATION_FAILED'],
  ['lists', `{ ${times(11, list)} }`, /lists of sessions/, 'GRAPHQL_VALIDATION_FAILED'],
  ['bytes', `{ __typename } #${'c'.repeat(64 * 1024)}`, /64 KiB/, 'GRAPHQL_VALIDATION_FAILED'],
])('too many: %s', (_name, document, says, code) => {
  it.each(['POST', 'GET'])('answers 400 to a %s and sends nothing', async (method) => {
    const gateway = await startGateway();
    const authorization = `Bearer ${gateway.emulator.entra.mintToken()}`;
    const answer =
      method === 'POST'
        ? await gateway.query(document)
        : await gateway.http(`/graphql?query=${encodeURIComponent(document)}`, { headers: { authorization } });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toHaveLength(1);
    expect(answer.body.errors[0].extensions).toEqual({ code });
    expect(answer.body.errors[0].message).toMatch(says);
    expect(answer.body.data).toBeUndefined();
    expectNothingSent(gateway);
  });
});

it('lets ten updates pass', async () => {
  const { query, emulator } = await startGateway();
  const { status, body } = await query(`mutation { ${times(10, update)} }`);
  expect(status).toBe(200);
  expect(body.errors).toBeUndefined();
  expect(emulator.graph.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(10);
});

it('lets ten lists pass', async () => {
  const { query, emulator } = await startGateway();
  const { status, body } = await query(`{ ${times(10, list)} }`);
  expect(status).toBe(200);
  expect(body.errors).toBeUndefined();
  expect(emulator.graph.requests).toHaveLength(10);
});

describe('different ids', () => {
  const byIds = 'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { id } }';
  const ids = (count: number) => Array.from({ length: count }, (_, i) => `id-${i}`);

  it('may be 200 in one operation', async () => {
    const { query } = await startGateway();
    const { status, body } = await query(byIds, { variables: { ids: ids(200) } });
    expect(status).toBe(200);
    expect(body.data.remoteHelpSessionResponsesById).toHaveLength(200);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['in a variable', byIds, { ids: ids(201) }],
    ['in the document', `{ remoteHelpSessionResponsesById(ids: ${JSON.stringify(ids(201))}) { id } }`, {}],
    [
      'over fields, aliases and fragments',
      `query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { id } a: ${single}(id: "another") { id } ...F }
       fragment F on Query { b: ${single}(id: "and one more") { id } }`,
      { ids: ids(199) },
    ],
    [
      'in a default value',
      `query ($ids: [ID!]! = ${JSON.stringify(ids(201))}) { remoteHelpSessionResponsesById(ids: $ids) { id } }`,
      {},
    ],
  ])('may not be 201 %s', async (_name, document, variables) => {
    const gateway = await startGateway();
    const { status, body } = await gateway.query(document, { variables });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(body.errors[0].message).toContain('200');
    expectNothingSent(gateway);
  });

  it('count once, however often they are named', async () => {
    const { query, emulator } = await startGateway();
    const document = `query ($ids: [ID!]!) { ${times(5, (i) => `a${i}: remoteHelpSessionResponsesById(ids: $ids) { id }`)} }`;
    expect((await query(document, { variables: { ids: ids(200) } })).status).toBe(200);
    expect(emulator.graph.requests).toHaveLength(10);
  });
});

it('refuses variables of thousands of values', async () => {
  const gateway = await startGateway();
  const document = 'query ($id: ID!) { remoteHelpSessionResponse(id: $id) { id } }';
  const { status, body } = await gateway.query(document, { variables: { id: Array(2_000).fill('x') } });
  expect(status).toBe(400);
  expect(body.errors[0]).toMatchObject({
    message: expect.stringContaining('2000'),
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expectNothingSent(gateway);
});
