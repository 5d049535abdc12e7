import { buildASTSchema, type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { expect, it } from 'vitest';
import { checkOperationIds } from '../../../src/graphql/documents/operation-ids.ts';
import { loadSchemaSource } from '../../../src/graphql/schema.ts';

const schema = buildASTSchema(loadSchemaSource().typeDefs);

function check(text: string, variableValues: Record<string, unknown> = {}): void {
  const { definitions } = parse(text);
  const [operation] = definitions.filter(
    (each): each is OperationDefinitionNode => each.kind === Kind.OPERATION_DEFINITION,
  );
  const named = definitions.filter((each): each is FragmentDefinitionNode => each.kind === Kind.FRAGMENT_DEFINITION);
  const fragments = Object.fromEntries(named.map((each) => [each.name.value, each]));
  if (operation !== undefined) checkOperationIds(operation, schema, { fragments, variableValues });
}

const BY_ID = 'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { id } }';
const aliases = (count: number) =>
  Array.from({ length: count }, (_, index) => `a${index}: remoteHelpSessionResponse(id: "${index}") { id }`).join(' ');
const tooMany = expect.objectContaining({ code: 'BAD_USER_INPUT', httpStatus: 400 });

it('lets 200 different ids pass and refuses 201, from variables and literals together', () => {
  const ids = Array.from({ length: 101 }, (_, index) => `v-${index}`);
  const text = (count: number) => BY_ID.replace('{ id } }', `{ id } ${aliases(count)} }`);
  expect(() => check(text(99), { ids })).not.toThrow();
  expect(() => check(text(100), { ids })).toThrow(tooMany);
});

it('counts an id once, whether it is written as a number or as text', () => {
  const numbers = Array.from({ length: 200 }, (_, index) => index).join(', ');
  expect(() => check(`{ ${aliases(200)} remoteHelpSessionResponsesById(ids: [${numbers}]) { id } }`)).not.toThrow();
});

it('refuses more than a thousand places, however few the ids', () => {
  expect(() => check(BY_ID, { ids: Array(1000).fill('a') })).not.toThrow();
  expect(() => check(BY_ID, { ids: Array(1001).fill('a') })).toThrow(tooMany);
});

it('counts inside fragments, and not what is left out', () => {
  expect(() => check(`{ ...F } fragment F on Query { ${aliases(201)} }`)).toThrow(tooMany);
  expect(() => check(`{ ...F @skip(if: true) } fragment F on Query { ${aliases(201)} }`)).not.toThrow();
});

it('leaves missing and malformed arguments to execution', () => {
  expect(() =>
    check('{ remoteHelpSessionResponse { id } remoteHelpSessionResponsesById(ids: {}) { id } }'),
  ).not.toThrow();
  expect(() =>
    check('{ nothingThatExists(id: "1") remoteHelpSessionResponses(first: 3) { nodes { id } } }'),
  ).not.toThrow();
});
