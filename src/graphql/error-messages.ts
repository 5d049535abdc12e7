import {
  coerceInputValue,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  Kind,
  typeFromAST,
} from 'graphql';

/**
 * The messages of graphql-js quote the values that they refuse, and here a value may be a secret. What follows the
 * value's place in each of its message forms is cut; what was expected stays.
 */
export function withoutValues(message: string): string {
  return message
    .replace(/^(Syntax Error: .*?\b(?:String|BlockString|Int|Float|Name)) "[\s\S]*$/, '$1.')
    .replace(/^(Syntax Error: (?:Invalid|Cannot parse)[^:"]*)[:"][\s\S]*$/, '$1.')
    .replace(/^(Expected value of type "[^"]*"), found [\s\S]*$/, '$1.')
    .replace(/^(Argument "\w+" has invalid value) [\s\S]*$/, '$1.')
    .replace(/^(\w+|Enum "\w+")( cannot represent [^:]*): [\s\S]*$/, '$1$2.')
    .replace(/^Value [\s\S]* does not exist in "(\w+)" enum[\s\S]*$/, 'The value does not exist in "$1" enum.');
}

/**
 * What is wrong with a variable: its name, where in it, and what was expected there, but never the value itself.
 * graphql-js's own message begins with the whole value, so it is made anew from the parts.
 */
export function variableMessage(
  error: GraphQLError,
  schema: GraphQLSchema,
  variables: Readonly<Record<string, unknown>>,
): string | undefined {
  const node = error.nodes?.[0];
  if (node?.kind !== Kind.VARIABLE_DEFINITION) return undefined;
  const name = node.variable.name.value;
  const type = typeFromAST(schema, node.type);
  if (!isInputType(type) || !Object.hasOwn(variables, name)) return undefined;
  return `Variable "$${name}" got an invalid value${firstProblem(variables[name], type, name)}`;
}

/** Only the first: there may be as many as a body of 256 KiB has room for. */
function firstProblem(value: unknown, type: GraphQLInputType, name: string): string {
  const found = { text: '.' };
  try {
    coerceInputValue(value, type, (path, _value, { message }) => {
      const place = path.reduce<string>((text, key) => text + (typeof key === 'number' ? `[${key}]` : `.${key}`), name);
      found.text = ` at "${place}": ${withoutValues(message)}`;
      throw found;
    });
  } catch (thrown) {
    if (thrown !== found) throw thrown;
  }
  return found.text;
}
