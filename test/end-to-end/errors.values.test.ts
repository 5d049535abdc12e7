import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';

/** A request that is refused because of a value, and the value wherever else it may be quoted. */
interface Refused {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

const update = (input: string) =>
  `mutation { updateRemoteHelpSessionResponse(id: "x", input: ${input}) { remoteHelpSessionResponse { id } } }`;
const updateWith = (variables: Record<string, unknown>): Refused => ({
  query: `mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
    updateRemoteHelpSessionResponse(id: $id, input: $input) { remoteHelpSessionResponse { id } } }`,
  variables: { id: 'x', input: { deviceName: 'Tablet' }, ...variables },
});
const read = (args: string, more = '') => `{ remoteHelpSessionResponse(${args}) ${more} { id } }`;

/** The canary as a value of each JSON kind; a text is written as GraphQL would write it. */
const inVariables: Record<string, (canary: unknown) => Refused> = {
  'a field of the input': (canary) => updateWith({ input: { deviceName: [canary] } }),
  'a secret field of the input': (canary) => updateWith({ input: { acsHelperUserToken: [canary] } }),
  'a right field beside a wrong one': (canary) => updateWith({ input: { sessionKey: String(canary), deviceName: 7 } }),
  'a field that does not exist': (canary) => updateWith({ input: { deviceName: 'a', nothing: canary } }),
  'the whole input': (canary) => updateWith({ input: canary }),
  'a type': (canary) => updateWith({ input: { sessionType: canary } }),
  'a type in a list': (canary) => updateWith({ input: { sessionTypes: ['ELEVATION', canary] } }),
  'a type in a list of lists': (canary) => updateWith({ input: { sessionTypes: [['ELEVATION', [canary]]] } }),
  'a date': (canary) => updateWith({ input: { sessionExpirationDateTime: canary } }),
  'a date beside a secret': (canary) =>
    updateWith({ input: { pubSubHelperAccessUri: String(canary), sessionExpirationDateTime: 'soon' } }),
  'an id': (canary) => updateWith({ id: [canary] }),
  'an id among ids': (canary) => ({
    query: 'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { id } }',
    variables: { ids: ['x', { deep: [canary] }] },
  }),
  'a page size': (canary) => ({
    query: 'query ($first: Int) { remoteHelpSessionResponses(first: $first) { nodes { id } } }',
    variables: { first: [canary] },
  }),
  'a condition': (canary) => ({
    query: 'query ($if: Boolean!) { remoteHelpSessionResponse(id: "x") @include(if: $if) { id } }',
    variables: { if: [canary] },
  }),
};

const inLiterals: Record<string, (canary: string) => string> = {
  'a field of the input': (canary) => update(`{ deviceName: ["${canary}"] }`),
  'a field of the input, as a block': (canary) => update(`{ deviceName: ["""${canary}\n${canary}"""] }`),
  'an object for a text': (canary) => update(`{ deviceName: { a: { b: "${canary}" } } }`),
  'a right field beside a wrong one': (canary) => update(`{ sessionKey: "${canary}", deviceName: 7 }`),
  'a field that does not exist': (canary) => update(`{ deviceName: "a", nothing: "${canary}" }`),
  'the whole input': (canary) => update(`"${canary}"`),
  'the whole input as an enum': (canary) => update(canary),
  'a type': (canary) => update(`{ sessionType: ${canary} }`),
  'a type as text': (canary) => update(`{ sessionType: "${canary}" }`),
  'a type in a list': (canary) => update(`{ sessionTypes: [ELEVATION, "${canary}", ${canary}] }`),
  'a date': (canary) => update(`{ sessionExpirationDateTime: "${canary}" }`),
  'a date as an object': (canary) => update(`{ sessionExpirationDateTime: { a: "${canary}" } }`),
  'an id': (canary) => read(`id: { a: "${canary}" }`),
  'an id as an enum': (canary) => read(`id: ${canary}`),
  'an argument that does not exist': (canary) => read(`id: "x", nothing: "${canary}"`),
  'a page size': (canary) => `{ remoteHelpSessionResponses(first: "${canary}") { nodes { id } } }`,
  'a cursor': (canary) => `{ remoteHelpSessionResponses(after: ["${canary}"]) { nodes { id } } }`,
  'a condition': (canary) => read('id: "x"', `@include(if: "${canary}")`),
  'a condition as an enum': (canary) => read('id: "x"', `@skip(if: ${canary})`),
  'a default value': (canary) =>
    `query ($first: Int = "${canary}") { remoteHelpSessionResponses(first: $first) { nodes { id } } }`,
  'a default of a variable that is required': (canary) =>
    `mutation ($input: UpdateRemoteHelpSessionResponseInput! = { sessionType: "${canary}" }) {
      updateRemoteHelpSessionResponse(id: "x", input: $input) { remoteHelpSessionResponse { id } } }`,
  'a text where none may be': (canary) => read(`id: "x" "${canary}"`),
  'a block where none may be': (canary) => read(`id: "x" """${canary}\n${canary}"""`),
  'a name where none may be': (canary) => `${canary} { __typename }`,
  'a text for a name': (canary) => `query "${canary}" { __typename }`,
  'a text without an end': (canary) => read(`id: "${canary}\n"`),
  'a block without an end': (canary) => read(`id: """${canary}`),
  'a wrong escape': (canary) => read(`id: "${canary}\\q${canary}"`),
  'a wrong escape of a character': (canary) => read(`id: "\\u${canary}"`),
  'half a character in a text': (canary) => read(`id: "${canary}\ud800${canary}"`),
  'a number that goes on as a name': (canary) => `{ remoteHelpSessionResponses(first: 1${canary}) { nodes { id } } }`,
  'a character of no meaning': (canary) => `{ ?${canary} }`,
};

/** A word that occurs nowhere else. GraphQL takes it for a name, an enum value or a text alike. */
const canaries = fc.stringMatching(/^[A-Za-z_]{1,20}$/).map((word) => `Canary${word}Yranac`);
const values = (canary: string): unknown[] => [canary, [canary], { [`${canary}`]: canary }, { a: [{ b: canary }] }];

describe('what is wrong with a request is said without its values', () => {
  it('in variables, wherever they are and whatever their kind', async () => {
    const gateway = await startGateway({ env: { RATE_LIMIT_PER_MINUTE: '0' } });
    const refused = fc
      .tuple(fc.constantFrom(...Object.keys(inVariables)), canaries, fc.nat(3))
      .map(([place, canary, kind]) => ({ place, canary, value: values(canary)[kind] }));
    await fc.assert(
      fc.asyncProperty(refused, async ({ place, canary, value }) => {
        const { query, variables = {} } = inVariables[place]?.(value) ?? { query: '' };
        const { status, body } = await gateway.query(query, { variables });
        expect([place, status]).toEqual([place, 400]);
        expect(body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
        expect(body.errors[0].message).toMatch(/^Variable "\$(id|input|ids|first|if)" /);
        // A name that the client invented is no value: it is what the message is about.
        const shown = JSON.stringify(body).replaceAll(`Field \\"${canary}\\" is not defined`, '');
        expect(shown).not.toContain(canary);
      }),
      { numRuns: 150 },
    );
    expect(gateway.logText()).not.toContain('Canary');
    expect(gateway.emulator.graph.requests).toEqual([]);
  });

  test.each(Object.keys(inVariables))('in variables: %s', async (place) => {
    const gateway = await startGateway();
    for (const value of ['Canary', 71717171717171, ['Canary'], { a: { b: ['Canary'] } }]) {
      const { query, variables = {} } = inVariables[place]?.(value) ?? { query: '' };
      const { status, body } = await gateway.query(query, { variables });
      expect([status, body.errors[0].extensions]).toEqual([400, { code: 'BAD_USER_INPUT' }]);
      expect(JSON.stringify(body)).not.toMatch(/Canary|71717/);
    }
  });

  test.each(Object.keys(inLiterals))('in the document: %s', async (place) => {
    const gateway = await startGateway();
    for (const canary of ['CanaryOne', 'canary_two', 'CANARY']) {
      const { status, body } = await gateway.query(inLiterals[place]?.(canary) ?? '');
      expect(status).toBe(400);
      expect(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']).toContain(
        body.errors[0].extensions.code,
      );
      expect(body.errors[0].message.length).toBeGreaterThan(10);
      expect(JSON.stringify(body).toLowerCase()).not.toContain('canary');
    }
    expect(gateway.logText().toLowerCase()).not.toContain('canary');
    expect(gateway.emulator.graph.requests).toEqual([]);
  });

  it('in literals beside a variable that is null while it runs', async () => {
    const gateway = await startGateway();
    const documents = [
      'query ($id: ID = "x") { remoteHelpSessionResponsesById(ids: ["Canary", $id]) { id } }',
      `mutation ($id: SessionType = ELEVATION) {
        updateRemoteHelpSessionResponse(id: "x", input: { sessionKey: "Canary", sessionTypes: [$id] }) {
          remoteHelpSessionResponse { id } } }`,
    ];
    // Again and again: a document that is used often is executed by other code.
    for (const document of documents.flatMap((each) => Array<string>(10).fill(each))) {
      const { body } = await gateway.query(document, { variables: { id: null } });
      // It runs already, so an update says what became of it.
      const outcome = document.startsWith('mutation') ? { outcome: 'NOT_APPLIED' } : {};
      expect(body.errors.map(({ extensions }: { extensions: unknown }) => extensions)).toEqual([
        { code: 'BAD_USER_INPUT', ...outcome },
      ]);
      expect(JSON.stringify(body) + gateway.logText()).not.toContain('Canary');
    }
    expect(gateway.emulator.graph.requests).toEqual([]);
  });

  it('in a body that is no JSON, or no GraphQL request', async () => {
    const gateway = await startGateway();
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${gateway.emulator.entra.mintToken()}`,
    };
    for (const body of [
      '{"query": Canary}',
      '"Canary"',
      '["Canary"]',
      '{"query":["Canary"]}',
      '{"query":"{ __typename }","variables":"Canary"}',
      '{"query":"{ __typename }","variables":["Canary"]}',
      '{"query":"{ __typename }","extensions":"Canary"}',
    ]) {
      const answer = await gateway.http('/graphql', { method: 'POST', headers, body });
      expect([body, answer.status]).toEqual([body, 400]);
      expect(JSON.stringify(answer.body) + gateway.logText()).not.toContain('Canary');
    }
  });
});

describe('what was expected is still said', () => {
  test.each([
    [
      updateWith({ input: { deviceName: 7 } }),
      'Variable "$input" got an invalid value at "input.deviceName": String cannot represent a non string value.',
    ],
    [
      updateWith({ input: { sessionTypes: ['ELEVATION', 'X'] } }),
      'Variable "$input" got an invalid value at "input.sessionTypes[1]": The value does not exist in "SessionType" enum.',
    ],
    [updateWith({ input: { sessionExpirationDateTime: 'x' } }), 'DateTimeOffset must be an RFC 3339 date-time'],
    [{ query: update('{ deviceName: 7 }') }, 'String cannot represent a non string value.'],
    [{ query: update('{ sessionType: X }') }, 'The value does not exist in "SessionType" enum.'],
    [{ query: read('id: "x" "y"') }, 'Syntax Error: Expected Name, found String.'],
  ])('%#', async ({ query, variables }: Refused, message) => {
    const gateway = await startGateway();
    const { body } = await gateway.query(query, variables === undefined ? {} : { variables });
    expect(body.errors[0].message).toContain(message);
  });
});
