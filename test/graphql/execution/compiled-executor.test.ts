import { type DocumentNode, execute, parse } from 'graphql';
import { expect, it } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import type { RequestContext } from '../../../src/graphql/context.ts';
import { compiledExecution, executableSchema } from '../../support/executable-schema.ts';

const schema = executableSchema();
const broken = new GatewayError('UPSTREAM_UNAVAILABLE', 'the value makes no sense');
const session = {
  id: 'a',
  deviceName: 'Tablet',
  sessionType: 'ELEVATION',
  sessionTypes: ['ELEVATION'],
  acsGroupId: null,
};
const sessions: Record<string, unknown> = {
  a: session,
  'late-a': session,
  none: null,
  'broken-field': { ...session, sessionKey: broken },
  'broken-id': { ...session, id: broken },
  'wrong-enum': { ...session, sessionType: 'NO_SUCH_KIND' },
};

const context = {
  sessions: {
    async load(id: string) {
      // The first in a list are the last to be there.
      if (id.startsWith('late')) await new Promise((resolve) => setTimeout(resolve, 5));
      if (id in sessions) return sessions[id];
      throw new GatewayError('FORBIDDEN', 'not yours');
    },
  },
  async readPage() {
    const entries = [
      { cursor: 'one', node: session },
      { cursor: 'two', node: broken },
    ];
    return { entries, hasNextPage: true, hasPreviousPage: false, endCursor: 'two' };
  },
} as unknown as RequestContext;

const documents: [name: string, text: string, variables?: Record<string, unknown>][] = [
  [
    'a session',
    '{ remoteHelpSessionResponse(id: "a") { id deviceName sessionType sessionTypes acsGroupId __typename } }',
  ],
  ['no session', '{ remoteHelpSessionResponse(id: "none") { id } }'],
  ['an error of a field', '{ remoteHelpSessionResponse(id: "broken-field") { id sessionKey deviceName } }'],
  ['an error that makes its parent null', '{ remoteHelpSessionResponse(id: "broken-id") { deviceName id } }'],
  ['a value that is no member of the enum', '{ remoteHelpSessionResponse(id: "wrong-enum") { id sessionType } }'],
  [
    'a failed root field beside a good one',
    '{ x: remoteHelpSessionResponse(id: "b") { id } y: remoteHelpSessionResponse(id: "a") { id } }',
  ],
  [
    'a list with an error and a null',
    '{ remoteHelpSessionResponsesById(ids: ["a", "b", "none", "broken-id"]) { id deviceName } }',
  ],
  ['a list whose first items come last', '{ remoteHelpSessionResponsesById(ids: ["late-a", "late", "a"]) { id } }'],
  [
    'a connection with a broken node',
    '{ remoteHelpSessionResponses { edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }',
  ],
  [
    'fragments and merged selections',
    'query { remoteHelpSessionResponse(id: "a") { ...f ... on RemoteHelpSessionResponse { deviceName } id } } fragment f on RemoteHelpSessionResponse { id acsGroupId }',
  ],
  ['variables', 'query ($id: ID!) { remoteHelpSessionResponse(id: $id) { id } }', { id: 7 }],
  [
    'conditions',
    'query ($yes: Boolean!, $no: Boolean!) { remoteHelpSessionResponse(id: "a") { id @skip(if: $yes) deviceName @include(if: $no) acsGroupId @include(if: $yes) } }',
    { yes: true, no: false },
  ],
  ['an argument refused while it runs', '{ remoteHelpSessionResponses(first: 0) { nodes { id } } }'],
  ['a typename alone', '{ __typename }'],
];

it.each(documents)(
  'answers %s as graphql-js does, errors, paths and nulls included',
  async (_name, text, variables) => {
    const document = parse(text);
    const compiled = await compile(document, variables);
    const expected = await execute({ schema, document, contextValue: context, variableValues: variables ?? {} });
    expect(compiled).toBeDefined();
    expect(plain(compiled)).toEqual(plain(expected));
  },
);

const notCompiled: [name: string, text: string, variables?: Record<string, unknown>][] = [
  [
    'an update',
    'mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) { updateRemoteHelpSessionResponse(id: $id, input: $input) { remoteHelpSessionResponse { id } } }',
    { id: 'a', input: {} },
  ],
  ['several operations', 'query a { __typename } query b { __typename }'],
  ['a variable inside a list', 'query ($id: ID!) { remoteHelpSessionResponsesById(ids: [$id]) { id } }', { id: 'a' }],
  ['a nullable variable with a default', 'query ($id: ID = "a") { remoteHelpSessionResponse(id: $id) { id } }'],
];

it.each(notCompiled)('leaves %s to graphql-js', async (_name, text, variables) => {
  expect(await compile(parse(text), variables)).toBeUndefined();
});

it('leaves wrong variables to graphql-js, which says what is wrong with them', async () => {
  const document = parse('query ($id: ID!) { remoteHelpSessionResponse(id: $id) { id } }');
  expect(await compile(document, { id: { not: 'an id' } })).toBeUndefined();
});

async function compile(document: DocumentNode, variables?: Record<string, unknown>) {
  return (await compiledExecution(schema, document))(context, variables);
}

function plain(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result));
}
