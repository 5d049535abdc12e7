import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { fieldComparisons } from './field-comparisons.ts';

/**
 * What a document may hold. All of it leaves 100 aliased reads of every field possible (about 3,000 tokens, 1,400
 * fields, depth 2, no comparisons); the schema itself is 4 deep.
 */
export const documentLimits = {
  /** Checked by the parser, which stops there. */
  tokens: 5_000,
  comments: 1_000,
  /** Of anything: selections, lists and objects in arguments, types of variables. Introspection needs 30. */
  nesting: 64,
  depth: 8,
  aliases: 200,
  directives: 200,
  /** After fragments are opened: they may multiply. */
  fields: 5_000,
  /** graphql-js compares all fields of one place in the answer with each other. */
  comparisons: 10_000,
  rootMutationFields: 10,
} as const;

export const parseLimits = { maxTokens: documentLimits.tokens, maxComments: documentLimits.comments } as const;

/** What a selection set comes to when its fragments are opened. */
interface Size {
  depth: number;
  fields: number;
  rootFields: number;
}

/**
 * Says what is too large about a document, before anything costly is done with it; undefined when nothing is. What a
 * fragment comes to is worked out once. Introspection has its own depth rule in graphql-js and does not count as deep.
 */
export function documentLimitError(document: DocumentNode): GraphQLError | undefined {
  const written = countNodes(document);
  // First, because what follows goes down into the document by calling itself.
  if (written.nesting > documentLimits.nesting) return tooMuch('nesting');
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const opened = openedSize(document, fragments);
  for (const limit of ['aliases', 'directives'] as const) {
    if (written[limit] > documentLimits[limit]) return tooMuch(limit);
  }
  for (const limit of ['depth', 'fields', 'rootMutationFields'] as const) {
    if (opened[limit] > documentLimits[limit]) return tooMuch(limit);
  }
  return fieldComparisons(document, fragments) > documentLimits.comparisons ? tooMuch('comparisons') : undefined;
}

/** The refusal; also for a document that nests too deep even for the parser. */
export function tooMuch(limit: keyof typeof documentLimits): GraphQLError {
  return new GraphQLError(
    `The document has too many ${NAMES[limit]}: at most ${documentLimits[limit]} are allowed. Nothing was sent.`,
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } },
  );
}

const NAMES: Readonly<Record<keyof typeof documentLimits, string>> = {
  tokens: 'tokens',
  comments: 'comments',
  nesting: 'levels of nesting',
  depth: 'levels of fields',
  aliases: 'aliases',
  directives: 'directives',
  fields: 'fields',
  comparisons: 'pairs of fields with one name in one place',
  rootMutationFields: 'root fields of a mutation',
};

function countNodes(document: DocumentNode): { nesting: number; aliases: number; directives: number } {
  const counts = { nesting: 0, aliases: 0, directives: 0 };
  let level = 0;
  visit(document, {
    enter(node) {
      level += 1;
      if (level > counts.nesting) counts.nesting = level;
      if (node.kind === Kind.DIRECTIVE) counts.directives += 1;
      else if (node.kind === Kind.FIELD && node.alias !== undefined) counts.aliases += 1;
    },
    leave() {
      level -= 1;
    },
  });
  return counts;
}

function openedSize(document: DocumentNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const sizes = new Map<string, Size>();
  const sizeOf = (set: SelectionSetNode | undefined): Size => {
    const size: Size = { depth: 0, fields: 0, rootFields: 0 };
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
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

  const all: Size = { depth: 0, fields: 0, rootFields: 0 };
  let rootMutationFields = 0;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = sizeOf(definition.selectionSet);
    add(all, size);
    if (definition.operation === 'mutation') rootMutationFields = Math.max(rootMutationFields, size.rootFields);
  }
  // Fragments that no operation uses are validated too, so they count.
  for (const name of fragments.keys()) {
    if (!sizes.has(name)) add(all, sizeOfFragment(name));
  }
  return { depth: all.depth, fields: all.fields, rootMutationFields };
}

function add(size: Size, other: Size): void {
  size.depth = Math.max(size.depth, other.depth);
  size.fields += other.fields;
  size.rootFields += other.rootFields;
}
