import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What tells which selections of an operation apply: `GraphQLResolveInfo` has all of it. */
export interface Selections {
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Undefined where directives do not count: then each selection applies. */
  readonly variableValues: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The names of the fields that `nodes` select below `path`, aliases, fragments, `@include` and `@skip` resolved.
 * @param path field names to follow down, such as ["edges", "node"]
 * @throws GraphQLError for a directive whose variable is null
 */
export function selectedFields(nodes: readonly FieldNode[], path: readonly string[], info: Selections): Set<string> {
  let fields = nodes;
  for (const name of path) fields = fieldsBelow(fields, info).filter((field) => field.name.value === name);
  return new Set(fieldsBelow(fields, info).map((field) => field.name.value));
}

/**
 * The fields that selection sets of one place come to: by their names in the answer, in the order of the answer, each
 * with all of its nodes, each fragment opened once. Every type of this schema is an object type, so each fragment applies.
 * @throws GraphQLError for a directive whose variable is null
 */
export function collectFields(
  sets: readonly (SelectionSetNode | undefined)[],
  selections: Selections,
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const opened = new Set<string>();
  for (const set of sets) collect(set, selections, opened, fields);
  return fields;
}

function fieldsBelow(nodes: readonly FieldNode[], info: Selections): FieldNode[] {
  const sets = nodes.map(({ selectionSet }) => selectionSet);
  return [...collectFields(sets, info).values()].flat();
}

function collect(
  set: SelectionSetNode | undefined,
  selections: Selections,
  opened: Set<string>,
  fields: Map<string, FieldNode[]>,
): void {
  for (const selection of set?.selections ?? []) {
    if (!applies(selection, selections)) continue;
    if (selection.kind === Kind.FIELD) {
      const name = (selection.alias ?? selection.name).value;
      const same = fields.get(name);
      if (same === undefined) fields.set(name, [selection]);
      else same.push(selection);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, selections, opened, fields);
    else if (!opened.has(selection.name.value)) {
      opened.add(selection.name.value);
      collect(selections.fragments[selection.name.value]?.selectionSet, selections, opened, fields);
    }
  }
}

/** As graphql-js has it: `@include` is not even looked at where `@skip` leaves the selection out. */
export function applies(selection: SelectionNode, { variableValues }: Pick<Selections, 'variableValues'>): boolean {
  if (variableValues === undefined || selection.directives === undefined || selection.directives.length === 0)
    return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, { ...variableValues });
  if (skip?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, { ...variableValues })?.if !== false;
}
