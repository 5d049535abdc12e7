import { type DocumentNode, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { checkOperation } from '../../../src/graphql/execution/check-operation.ts';
import { prepareOperation } from '../../../src/graphql/execution/prepare-operation.ts';
import { executableSchema } from '../../support/executable-schema.ts';

const schema = executableSchema();
const caller = {} as never;
const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');
const aliases = (count: number) => times(count, (index) => `a${index}: acsHelperUserToken`);
const ids = (count: number) => Array.from({ length: count }, (_, index) => `id-${index % 200}`);
const everyField = `__typename id sessionKey acsHelperUserToken acsHelperUserId acsSharerUserId acsGroupId sessionType
  sessionTypes deviceName pubSubGroupId pubSubHelperAccessUri sessionExpirationDateTime webClientUri`;
const byId = (fields: string, more = '') =>
  `query ($ids: [ID!]! ${more}) { remoteHelpSessionResponsesById(ids: $ids) { ${fields} } }`;
const list = (index: number, first: string, fields: string) =>
  `l${index}: remoteHelpSessionResponses${first} { ${fields} }`;
const tooMany = (values: number) =>
  expect.objectContaining({
    message: expect.stringMatching(new RegExp(`\\b${values} values.*at most 50000 are allowed. Nothing was sent.`)),
  });

function check(text: string, variables: Record<string, unknown> = {}) {
  const document: DocumentNode = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  checkOperation(prepareOperation(schema, document, operation), variables, caller);
}

describe('values that an operation asks for', () => {
  it.each<[string, string, Record<string, unknown>?]>([
    ['200 ids with every field', byId(everyField), { ids: ids(200) }],
    ['1,000 places with every field', byId(everyField), { ids: ids(1_000) }],
    [
      'ten whole lists with every field, in nodes and in edges',
      `{ ${times(10, (i) =>
        list(
          i,
          '(first: 100)',
          `__typename nodes { ${everyField} } edges { __typename cursor node { ${everyField} } }
        pageInfo { __typename hasNextPage hasPreviousPage startCursor endCursor }`,
        ),
      )} }`,
    ],
    ['50,000', byId(aliases(50)), { ids: ids(1_000) }],
    [
      'lists of the ordinary length',
      `{ ${times(10, (i) => list(i, '', 'nodes { ...F }'))} } fragment F on RemoteHelpSessionResponse { ${aliases(190)} }`,
    ],
    [
      'fields that are left out',
      byId(`${aliases(50)} ... @include(if: $no) { b: id }`, '$no: Boolean!'),
      { ids: ids(1_000), no: false },
    ],
    ['a field that is named twice', byId(`${aliases(50)} a0: acsHelperUserToken`), { ids: ids(1_000) }],
  ])('may be %s', (_name, text, variables) => {
    expect(() => check(text, variables)).not.toThrow();
  });

  it.each<[string, number, string, Record<string, unknown>?]>([
    ['of ids', 51_000, byId(aliases(51)), { ids: ids(1_000) }],
    ['of one id again and again', 190_000, byId(aliases(190)), { ids: Array(1_000).fill('x') }],
    [
      'of ids in the document',
      54_000,
      `{ remoteHelpSessionResponsesById(ids: ${JSON.stringify(ids(300))}) { ${aliases(180)} } }`,
    ],
    [
      'in a fragment of ten lists',
      180_000,
      `{ ${times(10, (i) => list(i, '(first: 100)', 'nodes { ...F }'))} } fragment F on RemoteHelpSessionResponse { ${aliases(180)} }`,
    ],
    [
      'with a variable for the length',
      60_000,
      `query ($n: Int) { ${times(10, (i) => list(i, '(first: $n)', 'nodes { ...F }'))} } fragment F on RemoteHelpSessionResponse { ${aliases(120)} }`,
      { n: 50 },
    ],
    [
      'behind a condition that holds',
      51_000,
      byId(`${aliases(50)} ... @include(if: $yes) { b: id }`, '$yes: Boolean!'),
      { ids: ids(1_000), yes: true },
    ],
    [
      'over several fields',
      50_001,
      `query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { ${aliases(50)} } more: remoteHelpSessionResponse(id: "id-1") { ${aliases(51)} } }`,
      { ids: ids(999) },
    ],
  ])('may not be too many %s', (_name, values, text, variables) => {
    expect(() => check(text, variables)).toThrow(tooMany(values));
  });

  it('do not count where an argument is refused anyway', () => {
    const text = `query ($n: Int!) { ${times(9, (i) => list(i, '(first: $n)', 'nodes { ...F }'))} } fragment F on RemoteHelpSessionResponse { ${aliases(180)} }`;
    expect(() => check(text, { n: -5 })).not.toThrow();
  });
});
