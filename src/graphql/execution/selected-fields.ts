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
  readonly variableValues: Readonly<Record<string, unknown>>;
}

/**
 * The names of the fields that `nodes` select below `path`, aliases, fragments, `@include` and `@skip` resolved. Every
 * type of this schema is an object type, so each fragment applies.
 * @param path field names to follow down, such as ["edges", "node"]
 */
export function selectedFields(nodes: readonly FieldNode[], path: readonly string[], info: Selections): Set<string> {
  let fields = [...nodes];
  for (const name of path) {
    fields = fields.flatMap((field) => fieldsOf(field.selectionSet, info)).filter((field) => field.name.value === name);
  }
  return new Set(fields.flatMap((field) => fieldsOf(field.selectionSet, info)).map((field) => field.name.value));
}

/** The field nodes that a selection set comes to, fragments opened, each fragment once. */
export function fieldsOf(selectionSet: SelectionSetNode | undefined, info: Selections): FieldNode[] {
  const fields: FieldNode[] = [];
  const opened = new Set<string>();
  collect(selectionSet, info, opened, fields);
  return fields;
}

function collect(set: SelectionSetNode | undefined, info: Selections, opened: Set<string>, fields: FieldNode[]): void {
  for (const selection of set?.selections ?? []) {
    if (!applies(selection, info)) continue;
    if (selection.kind === Kind.FIELD) fields.push(selection);
    else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, info, opened, fields);
    else if (!opened.has(selection.name.value)) {
      opened.add(selection.name.value);
      collect(info.fragments[selection.name.value]?.selectionSet, info, opened, fields);
    }
  }
}

function applies(selection: SelectionNode, { variableValues }: Selections): boolean {
  if (selection.directives === undefined || selection.directives.length === 0) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, { ...variableValues });
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, { ...variableValues });
  return skip?.if !== true && include?.if !== false;
}
