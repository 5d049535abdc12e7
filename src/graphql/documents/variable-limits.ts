import { GraphQLError } from 'graphql';

/** Objects, lists and what they hold: ten updates of all fields are 150, a thousand ids 1,001. */
export const MAX_VARIABLE_VALUES = 2_000;

/**
 * Refuses variables of very many values before they are held against their types: graphql-js words each one that is
 * wrong, quoting all that it is part of.
 * @throws GraphQLError BAD_USER_INPUT with HTTP status 400
 */
export function checkVariables(variables: Readonly<Record<string, unknown>> | undefined): void {
  const waiting: unknown[] = [variables];
  for (let seen = 0; waiting.length > 0; seen += 1) {
    const value = waiting.pop();
    const inner = typeof value === 'object' && value !== null ? Object.values(value) : [];
    if (seen + waiting.length + inner.length > MAX_VARIABLE_VALUES) {
      throw new GraphQLError(
        `The variables hold too many values: at most ${MAX_VARIABLE_VALUES} are allowed. Nothing was sent.`,
        { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } },
      );
    }
    for (const each of inner) waiting.push(each);
  }
}
