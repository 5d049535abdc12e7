import fc from 'fast-check';
import { buildSchema, getVariableValues, type OperationDefinitionNode, parse } from 'graphql';
import { expect, it } from 'vitest';
import { planVariables } from '../../../src/graphql/execution/plan-variables.ts';
import { executableSchema } from '../../support/executable-schema.ts';

const everyKind = buildSchema(`
  enum Kind { A B }
  input Inner { required: Int! defaulted: Int! = 3 itself: Inner list: [[Kind!]] }
  input Either @oneOf { a: Int b: Int }
  type Query { field(a: Inner, b: Either, c: [Inner!], d: Kind, e: Float, f: Boolean): Int }
`);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, 0, 1, 1.5, 'A', 'B', 'text', '2016-12-31T23:59:57-08:00', 'TAKE_FULL_CONTROL'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('required', 'defaulted', 'itself', 'list', 'a', 'b', 'deviceName', 'sessionType', 'toString'),
      tie('value'),
      { maxKeys: 4 },
    ),
    fc.record(
      { required: fc.integer(), defaulted: fc.integer(), itself: tie('value'), list: fc.constant([['A'], null]) },
      { requiredKeys: ['required'] },
    ),
    fc.record(
      {
        deviceName: fc.string(),
        sessionKey: fc.constant(null),
        sessionTypes: fc.constant(['ELEVATION']),
        sessionExpirationDateTime: fc.constantFrom('2016-12-31T23:59:57-08:00', 'never'),
      },
      { requiredKeys: [] },
    ),
  ),
})).value;
const given = fc.dictionary(fc.constantFrom('a', 'b', 'toString', 'other'), value, { maxKeys: 3 });

it.each([
  ['every kind of type', everyKind, ['Inner', '[Inner!]', 'Either', 'Kind', '[Kind]', 'Float', 'Boolean', 'Int']],
  ['the types of the gateway', executableSchema(), ['UpdateRemoteHelpSessionResponseInput', '[ID!]', 'DateTimeOffset']],
])('takes variables as graphql-js does, or leaves them to it: %s', (_name, schema, types) => {
  const type = fc.tuple(fc.constantFrom(...types), fc.constantFrom('', '!', ' = null')).map((parts) => parts.join(''));
  const names = ['a', 'b', 'toString', '__proto__'];
  const definitions = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), type), { selector: ([name]) => name });
  let taken = 0;
  fc.assert(
    fc.property(definitions, given, (defined, variables) => {
      const list = defined.map(([name, each]) => `$${name}: ${each}`).join(', ');
      const document = parse(`query ${list === '' ? '' : `(${list})`} { __typename }`);
      const operation = document.definitions[0] as OperationDefinitionNode;
      const ours = planVariables(schema, operation)(variables);
      if (ours === undefined) return;
      taken += 1;
      const theirs = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
      expect(theirs.errors).toBeUndefined();
      expect(ours).toStrictEqual(theirs.coerced);
      // The order in which an update's fields are sent.
      expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs.coerced));
    }),
    { numRuns: 2_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

it('leaves nothing that is plainly right to graphql-js', () => {
  const update = parse('mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) { __typename }');
  const take = planVariables(executableSchema(), update.definitions[0] as OperationDefinitionNode);
  const variables = { id: 'a', input: { deviceName: 'd', sessionType: 'ELEVATION', acsGroupId: null } };
  expect(take(variables)).toStrictEqual(variables);
  expect(take({ ...variables, more: 1 })).toStrictEqual(variables);
  expect(take({ id: 'a' })).toBeUndefined();
});
