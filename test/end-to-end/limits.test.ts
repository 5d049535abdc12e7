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
  ['lines', `{${'\n'.repeat(4_000)}__typename }`, /lines/, 'GRAPHQL_VALIDATION_FAILED'],
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

describe('values that are asked for', () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => `session-${1 + (i % 5)}`);
  const named = (count: number) =>
    `query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { ${times(count, (i) => `a${i}: id`)} } }`;

  it('may be 50,000 in one operation', async () => {
    const { query } = await startGateway();
    const { status, body } = await query(named(50), { variables: { ids } });
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(Object.keys(body.data.remoteHelpSessionResponsesById[999])).toHaveLength(50);
  });

  it('may be every field of ten whole lists', async () => {
    const { query, emulator } = await startGateway();
    for (let index = 0; index < 100; index += 1) {
      emulator.graph.sessions.set(`more-${index}`, { id: `more-${index}`, deviceName: 'x' });
    }
    const set = `nodes { ${everyField} } edges { cursor node { ${everyField} } } pageInfo { endCursor hasNextPage }`;
    const { status, body } = await query(
      `{ ${times(10, (i) => `l${i}: remoteHelpSessionResponses(first: 100) { ${set} }`)} }`,
    );
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(body.data.l9.nodes).toHaveLength(100);
  });

  it('may not be more, at any use', async () => {
    const gateway = await startGateway();
    for (let use = 0; use < 3; use += 1) {
      const { status, body } = await gateway.query(named(51), { variables: { ids } });
      expect(status).toBe(400);
      expect(body).toEqual({
        errors: [{ message: expect.stringMatching(/51000 .*50000/), extensions: { code: 'BAD_USER_INPUT' } }],
      });
    }
    expectNothingSent(gateway);
  });
});

describe('an answer that is too large', () => {
  /** What JSON and UTF-8 make of a text is counted at the door, what the text is while it is answered. */
  it.each([
    ['of plain text', 'x', 90_000],
    ['of text that UTF-8 widens', '\u20ac', 30_000],
    ['of text that JSON escapes', '\u0001', 15_000],
  ])('%s answers the same at every use, with directives too', async (_name, unit, length) => {
    const { query, emulator } = await startGateway();
    const session = { id: 'session-1', deviceName: unit.repeat(length) };
    emulator.graph.sessions.set('session-1', session);
    const fields = times(95, (i) => `a${i}: deviceName`);
    for (const rest of ['', '@include(if: true)']) {
      const document = `{ remoteHelpSessionResponse(id: "session-1") ${rest} { ${fields} } }`;
      for (let use = 0; use < 3; use += 1) {
        const { status, body } = await query(document);
        expect(status).toBe(400);
        expect(body).toEqual({
          errors: [{ message: expect.stringContaining('larger than 8 MiB'), extensions: { code: 'BAD_USER_INPUT' } }],
        });
      }
      session.deviceName = unit.repeat(length * 0.95);
      emulator.graph.sessions.set('session-1', { ...session });
      expect((await query(document)).status).toBe(200);
      session.deviceName = unit.repeat(length);
      emulator.graph.sessions.set('session-1', { ...session });
    }
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
