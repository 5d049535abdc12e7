import { buildSchema, type GraphQLError, getVariableValues, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { variableMessage, withoutValues } from '../../src/graphql/error-messages.ts';

const schema = buildSchema(`
  enum Kind { A B }
  input Inner { name: String kinds: [Kind!] inner: [Inner] }
  type Query { f(input: Inner, ids: [ID!], count: Int): Int }
`);

/** The messages about the one variable of a query. */
function messagesFor(type: string, value: unknown): (string | undefined)[] {
  const [operation] = parse(`query ($v: ${type}) { f }`).definitions as [OperationDefinitionNode];
  const given = value === undefined ? {} : { v: value };
  const { errors = [] } = getVariableValues(schema, operation.variableDefinitions ?? [], given) as {
    errors?: readonly GraphQLError[];
  };
  return errors.map(variableMessage);
}

describe('the message about a variable', () => {
  it.each<[string, string, unknown, string[]]>([
    [
      'a value',
      'Int',
      'canary',
      ['Variable "$v" got an invalid value at "v": Int cannot represent non-integer value.'],
    ],
    ['a field', 'Inner', { name: ['canary'] }, ['"v.name": String cannot represent a non string value.']],
    ['an item', '[ID!]', ['a', { canary: 1 }], ['"v[1]": ID cannot represent value.']],
    [
      'something deep',
      'Inner',
      { inner: [{}, { kinds: ['A', 'canary'] }] },
      ['"v.inner[1].kinds[1]": Value', '"v.inner[1].kinds[1]"'],
    ],
    ['several places', 'Inner', { name: 1, kinds: ['canary'] }, ['"v.name"', '"v.kinds[0]"']],
    ['a value that reads like a place', 'Int', 'x at "v.canary', ['"v": Int cannot represent']],
    ['a value that reads like a message', 'Inner', { name: ['" at "v.canary"; canary'] }, ['"v.name": String cannot']],
    [
      'a field that does not exist',
      'Inner',
      { other: 'canary' },
      ['"v": Field "other" is not defined by type "Inner".'],
    ],
  ])('names the place of %s, what was expected there, and not the value', (_name, type, value, expected) => {
    const messages = messagesFor(type, value);
    for (const [index, message] of messages.entries()) {
      expect(message).toContain(expected[index]?.replace(': Value', ''));
      expect(message).not.toContain('canary');
    }
    expect(messages.length).toBeGreaterThan(0);
  });

  it('is left as it is where there is no value', () => {
    expect(messagesFor('Int!', undefined)).toEqual([undefined]);
    expect(messagesFor('Int!', null)).toEqual([undefined]);
  });
});

it.each([
  'Cannot query field "nothing" on type "Query".',
  'Variable "$id" of required type "ID!" was not provided.',
  'Syntax Error: Expected Name, found <EOF>.',
  'Field "other" is not defined by type "Inner".',
])('leaves a message alone that quotes no value: %s', (message) => expect(withoutValues(message)).toBe(message));
