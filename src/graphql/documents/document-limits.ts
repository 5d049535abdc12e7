import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Query } from '../../generated/graphql.ts';
import { fieldComparisons } from './field-comparisons.ts';
import { rootFields } from './root-fields.ts';

/**
 * What a document may hold. All of it leaves 100 aliased reads of every field possible (about 3,000 tokens, 1,400
 * fields, depth 2, no comparisons); the schema itself is 4 deep.
 */
export const documentLimits = {
  /** Of its text in UTF-8. */
  bytes: 64 * 1024,
  /** graphql-js walks over all lines before a field for the place of each error of that field. */
  lines: 4_000,
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
  /** Of one operation: each is a call to Graph and up to a hundred sessions in the answer. */
  lists: 10,
} as const;

export const parseLimits = { maxTokens: documentLimits.tokens, maxComments: documentLimits.comments } as const;

/** What a selection set comes to when its fragments are opened. */
interface Size {
  depth: number;
  fields: number;
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
  for (const limit of ['depth', 'fields'] as const) {
    if (opened[limit] > documentLimits[limit]) return tooMuch(limit);
  }
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const counted = countRoots(definition, fragments);
    for (const limit of ['rootMutationFields', 'lists'] as const) {
      if (counted[limit] > documentLimits[limit]) return tooMuch(limit);
    }
  }
  return fieldComparisons(document, fragments) > documentLimits.comparisons ? tooMuch('comparisons') : undefined;
}

/** Whether a text is over its limit, before it is even parsed. */
export function isTooLarge(text: string): boolean {
  // A character is three bytes at most.
  return text.length * 3 > documentLimits.bytes && Buffer.byteLength(text) > documentLimits.bytes;
}

/** Whether a text has more lines than its limit; before it is parsed, too. */
export function hasTooManyLines(text: string): boolean {
  return (text.match(/\r\n|[\n\r]/g)?.length ?? 0) >= documentLimits.lines;
}

/** The refusal; also for a document that nests too deep even for the parser. */
export function tooMuch(limit: keyof typeof documentLimits): GraphQLError {
  return new GraphQLError(
    limit === 'bytes'
      ? 'The document is larger than 64 KiB. Nothing was sent.'
      : `The document has too many ${NAMES[limit]}: at most ${documentLimits[limit]} are allowed. Nothing was sent.`,
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } } },
  );
}

const NAMES: Readonly<Record<Exclude<keyof typeof documentLimits, 'bytes'>, string>> = {
  lines: 'lines',
  tokens: 'tokens',
  comments: 'comments',
  nesting: 'levels of nesting',
  depth: 'levels of fields',
  aliases: 'aliases',
  directives: 'directives',
  fields: 'fields',
  comparisons: 'pairs of fields with one name in one place',
  rootMutationFields: 'root fields of a mutation',
  lists: 'lists of sessions in one operation',
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

/** What an operation has at its root, whatever its variables; lists that share a name in the answer are one. */
function countRoots(operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const fields = rootFields(operation, (name) => fragments.get(name));
  const lists = fields.filter(({ name }) => name.value === LIST).map(({ name, alias }) => (alias ?? name).value);
  return {
    rootMutationFields: operation.operation === 'mutation' ? fields.length : 0,
    lists: new Set(lists).size,
  };
}

const LIST = 'remoteHelpSessionResponses' satisfies keyof Query;

function openedSize(document: DocumentNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): Size {
  const sizes = new Map<string, Size>();
  const sizeOf = (set: SelectionSetNode | undefined): Size => {
    const size: Size = { depth: 0, fields: 0 };
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const inner = sizeOf(selection.selectionSet);
        const depth = selection.name.value.startsWith('__') ? 1 : inner.depth + 1;
        add(size, { depth, fields: inner.fields + 1 });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) add(size, sizeOf(selection.selectionSet));
      else add(size, sizeOfFragment(selection.name.value));
    }
    return size;
  };
  const sizeOfFragment = (name: string): Size => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    // A fragment inside itself ends here; validation refuses it.
    sizes.set(name, { depth: 0, fields: 0 });
    const size = sizeOf(fragments.get(name)?.selectionSet);
    sizes.set(name, size);
    return size;
  };

  const all: Size = { depth: 0, fields: 0 };
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) add(all, sizeOf(definition.selectionSet));
  }
  // Fragments that no operation uses are validated too, so they count.
  for (const name of fragments.keys()) {
    if (!sizes.has(name)) add(all, sizeOfFragment(name));
  }
  return all;
}

function add(size: Size, other: Size): void {
  size.depth = Math.max(size.depth, other.depth);
  size.fields += other.fields;
}
