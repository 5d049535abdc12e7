import {
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { GatewayError } from '../../errors.ts';
import { MAX_IDS } from '../documents/operation-ids.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../resolvers.ts';
import { collectFields, type Selections } from './selected-fields.ts';

/** Ten whole lists with every field in `nodes` and in `edges` ask for 36,000. */
const MAX_VALUES = 50_000;

type Arguments = Readonly<Record<string, unknown>>;

/**
 * Refuses an operation that asks for too many values, before anything is sent: aliases make many of what Graph answers
 * once.
 * @throws GatewayError BAD_USER_INPUT with HTTP status 400
 */
export function checkRequestedValues(
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  selections: Selections,
): void {
  const values = requestedValues(operation, schema, selections, (field, node) => {
    try {
      return placesOf(field, getArgumentValues(field, node, { ...selections.variableValues }));
    } catch {
      // A missing or malformed argument: execution says so, with its path.
      return 0;
    }
  });
  if (values <= MAX_VALUES) return;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `The operation asks for ${values} values (sessions times the fields selected of each): at most ${MAX_VALUES} are allowed. Nothing was sent.`,
    { status: 400 },
  );
}

/** Whether variables can make an operation ask for too many values. */
export function mayRequestTooMany(
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  fragments: Selections['fragments'],
): boolean {
  const selections = { fragments, variableValues: undefined };
  return requestedValues(operation, schema, selections, (field) => placesOf(field)) > MAX_VALUES;
}

function requestedValues(
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  selections: Selections,
  placesFor: (field: GraphQLField<unknown, unknown>, node: FieldNode) => number,
): number {
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  let values = 0;
  for (const nodes of collectFields([operation.selectionSet], selections).values()) {
    const [node] = nodes;
    const field = node && fields[node.name.value];
    if (field !== undefined) values += placesFor(field, node as FieldNode) * leavesBelow(nodes, selections);
  }
  return values;
}

/** How many objects a field answers: as many as its arguments say, or without them as many as there may be. */
function placesOf({ args }: GraphQLField<unknown, unknown>, given?: Arguments): number {
  for (const { name } of args) {
    if (name === 'first') return given === undefined ? MAX_PAGE : pageOf(given.first);
    if (name === 'ids' || name === 'representations') return given === undefined ? MAX_IDS : lengthOf(given[name]);
  }
  return 1;
}

function pageOf(first: unknown): number {
  // One that is out of range is refused where it stands.
  return typeof first === 'number' ? Math.min(Math.max(first, 0), MAX_PAGE) : DEFAULT_PAGE;
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}

function leavesBelow(nodes: readonly FieldNode[], selections: Selections): number {
  const sets = nodes.flatMap(({ selectionSet }): SelectionSetNode[] =>
    selectionSet === undefined ? [] : [selectionSet],
  );
  if (sets.length === 0) return 1;
  let leaves = 0;
  for (const inner of collectFields(sets, selections).values()) leaves += leavesBelow(inner, selections);
  return leaves;
}
