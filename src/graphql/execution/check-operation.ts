import { GraphQLError, getVariableValues, Kind, type SelectionSetNode } from 'graphql';
import type { Caller } from '../../entra/callers/caller.ts';
import { GatewayError } from '../../errors.ts';
import { checkOperationIds } from '../documents/operation-ids.ts';
import { checkVariables } from '../documents/variable-limits.ts';
import { asGraphQLError } from '../format-error.ts';
import { authenticationNeeded } from './authentication-needed.ts';
import type { PreparedOperation } from './prepare-operation.ts';
import { checkRequestedValues } from './requested-values.ts';
import { applies } from './selected-fields.ts';

export type Variables = Readonly<Record<string, unknown>>;

/**
 * The last look at an operation before it runs.
 * @param given the variables as they came
 * @returns the variables as graphql-js makes them; undefined where it refuses them, which it says better itself
 * @throws GraphQLError UNAUTHENTICATED without a caller (introspection needs none); BAD_USER_INPUT with HTTP status 400
 * for too many ids or values, given or asked for, and for a directive whose variable is null
 */
export function checkOperation(
  prepared: PreparedOperation,
  given: Variables | undefined,
  caller: Caller | undefined,
): Variables | undefined {
  const { schema, operation, fragments, isConditional, isIntrospection, takeVariables } = prepared;
  checkVariables(given);
  if (caller === undefined && !isIntrospection) throw asGraphQLError(authenticationNeeded());
  const coerced = takeVariables(given ?? {}) ?? valuesOf(prepared, given ?? {});
  if (coerced === undefined) return undefined;
  if (isConditional) checkConditions(prepared, coerced);
  try {
    const selections = { fragments, variableValues: coerced };
    if (prepared.namesManyIds && operation.operation === 'query') checkOperationIds(operation, schema, selections);
    if (prepared.requestsMuch) checkRequestedValues(operation, schema, selections);
  } catch (failure) {
    throw failure instanceof GatewayError ? asGraphQLError(failure) : failure;
  }
  return coerced;
}

function valuesOf({ schema, operation }: PreparedOperation, given: Variables): Variables | undefined {
  // There may be as many errors as a body has room for.
  return getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors: 1 }).coerced;
}

/**
 * A variable with a default may be null where a directive allows no null; found later, an update would have been sent. As
 * in graphql-js, directives inside of what is left out do not count.
 */
function checkConditions({ operation, fragments }: PreparedOperation, variableValues: Variables): void {
  const opened = new Set<string>();
  const check = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      if (!applies(selection, { variableValues })) continue;
      if (selection.kind !== Kind.FRAGMENT_SPREAD) check(selection.selectionSet);
      else if (!opened.has(selection.name.value)) {
        opened.add(selection.name.value);
        check(fragments[selection.name.value]?.selectionSet);
      }
    }
  };
  try {
    check(operation.selectionSet);
  } catch (failure) {
    if (!(failure instanceof GraphQLError)) throw failure;
    const { message, nodes } = failure;
    throw new GraphQLError(message, {
      ...(nodes !== undefined && { nodes }),
      extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
    });
  }
}
