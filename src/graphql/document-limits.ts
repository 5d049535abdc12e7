import { type DocumentNode, type FragmentDefinitionNode, GraphQLError, Kind, type SelectionSetNode } from 'graphql';

/**
 * What a document may hold. All of it leaves 100 aliased reads of every field possible (about 3,000 tokens, 1,400
 * fields, each name 100 times, depth 2); the schema itself is 4 deep.
 */
export const documentLimits = {
  /** Checked by the parser, which stops there. */
  tokens: 5_000,
  depth: 8,
  aliases: 200,
  directives: 200,
  /** After fragments are opened: they may multiply. */
  fields: 5_000,
  /** graphql-js compares all fields of one name with each other. */
  fieldsOfOneName: 250,
  rootMutationFields: 10,
} as const;

/** What a selection set comes to when its fragments are opened. */
interface Size {
  depth: number;
  fields: number;
  rootFields: number;
}

/**
 * Says what is too large about a document, before anything costly is done with it. One pass over the document: what a
 * fragment comes to is worked out once. Introspection has its own depth rule in graphql-js and does not count as deep.
 */
export function documentLimitErrors(document: DocumentNode): GraphQLError[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const sizes = new Map<string, Size>();
  const names = new Map<string, number>();
  let aliases = 0;
  let directives = 0;

  const sizeOf = (set: SelectionSetNode | undefined): Size => {
    const size: Size = { depth: 0, fields: 0, rootFields: 0 };
    for (const selection of set?.selections ?? []) {
      directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FIELD) {
        if (selection.alias) aliases += 1;
        const key = (selection.alias ?? selection.name).value;
        names.set(key, (names.get(key) ?? 0) + 1);
        const inner = sizeOf(selection.selectionSet);
        const depth = selection.name.value.startsWith('__') ? 1 : inner.depth + 1;
        add(size, { depth, fields: inner.fields + 1, rootFields: 1 });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) add(size, sizeOf(selection.selectionSet));
      else add(size, sizeOfFragment(selection.name.value));
    }
    return size;
  };
  const sizeOfFragment = (name: string): Size => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    // A fragment inside itself ends here; validation refuses it.
    sizes.set(name, { depth: 0, fields: 0, rootFields: 0 });
    const size = sizeOf(fragments.get(name)?.selectionSet);
    sizes.set(name, size);
    return size;
  };

  const largest: Size = { depth: 0, fields: 0, rootFields: 0 };
  let rootMutationFields = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    directives += definition.directives?.length ?? 0;
    const size = sizeOf(definition.selectionSet);
    add(largest, size);
    if (definition.operation === 'mutation') rootMutationFields = Math.max(rootMutationFields, size.rootFields);
  }
  // Fragments that no operation uses are validated too, so they count.
  for (const name of fragments.keys()) sizeOfFragment(name);

  const counts: [keyof typeof documentLimits, string, number][] = [
    ['depth', 'levels', largest.depth],
    ['aliases', 'aliases', aliases],
    ['directives', 'directives', directives],
    ['fields', 'fields', largest.fields],
    ['fieldsOfOneName', 'fields of one name', Math.max(0, ...names.values())],
    ['rootMutationFields', 'root fields of a mutation', rootMutationFields],
  ];
  return counts
    .filter(([limit, , count]) => count > documentLimits[limit])
    .map(([limit, what]) =>
      tooLarge(`The document has too many ${what}: at most ${documentLimits[limit]} are allowed.`),
    );
}

function add(size: Size, other: Size): void {
  size.depth = Math.max(size.depth, other.depth);
  size.fields += other.fields;
  size.rootFields += other.rootFields;
}

function tooLarge(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } });
}
