import { type GraphQLError, Kind } from 'graphql';

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
 * What is wrong with a variable: its name, where in it, and what was expected there, but never the value itself, with
 * which graphql-js's own message begins. Undefined when the error is about something else.
 */
export function variableMessage({ message, nodes, originalError }: GraphQLError): string | undefined {
  const node = nodes?.[0];
  if (node?.kind !== Kind.VARIABLE_DEFINITION || originalError === undefined) return undefined;
  const name = node.variable.name.value;
  const problem = `; ${originalError.message}`;
  // Without it, the variable is missing or null, and graphql-js says so without a value.
  if (!message.endsWith(problem)) return undefined;
  // The place comes last before the problem, and is made of the schema's names; quotes inside a value are escaped.
  const place = / at "(\w+(?:\.\w+|\[\d+\])+)"$/.exec(message.slice(0, -problem.length))?.[1];
  return `Variable "$${name}" got an invalid value at "${place ?? name}": ${withoutValues(originalError.message)}`;
}
