import { type GraphQLSchema, getArgumentValues, type OperationDefinitionNode } from 'graphql';
import { GatewayError } from '../../errors.ts';
import { collectFields, type Selections } from '../execution/selected-fields.ts';
import { referencedId } from '../federation/referenced-id.ts';

/** Each id may cost a call to Graph. */
const MAX_DISTINCT_IDS = 200;
/** One id may be named again and again; each place costs an object in the answer. */
export const MAX_IDS = 1_000;

/**
 * Refuses a query that names too many sessions, before anything is sent.
 * @throws GatewayError BAD_USER_INPUT with HTTP status 400
 */
export function checkOperationIds(
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  selections: Selections,
): void {
  const fields = schema.getQueryType()?.getFields() ?? {};
  const distinct = new Set<unknown>();
  let all = 0;
  for (const [node] of collectFields([operation.selectionSet], selections).values()) {
    const field = node && fields[node.name.value];
    if (field === undefined || field.args.length === 0) continue;
    const named = namedBy(argumentsOf());
    all += named.length;
    // The same long list may be named by each of 200 aliases.
    if (all > MAX_IDS) throw tooManyIds();
    for (const each of named) distinct.add(each);

    function argumentsOf(): Record<string, unknown> {
      try {
        return field && node ? getArgumentValues(field, node, { ...selections.variableValues }) : {};
      } catch {
        // A missing or malformed argument: execution says so, with its path.
        return {};
      }
    }
  }
  if (distinct.size > MAX_DISTINCT_IDS) throw tooManyIds();
}

/** The ids in the arguments of a field. References of federation are looked at when they are resolved; here they count. */
function namedBy({ id, ids, representations }: Readonly<Record<string, unknown>>): readonly unknown[] {
  if (Array.isArray(ids)) return ids;
  if (Array.isArray(representations)) return representations.map(referencedId);
  return id === undefined ? [] : [id];
}

function tooManyIds(): GatewayError {
  return new GatewayError(
    'BAD_USER_INPUT',
    `One operation may name at most ${MAX_DISTINCT_IDS} different ids, and ${MAX_IDS} in all; this one names more. Nothing was sent.`,
    { status: 400 },
  );
}
