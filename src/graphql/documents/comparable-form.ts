import {
  type ASTNode,
  type DocumentNode,
  Kind,
  print,
  type SelectionNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';

/**
 * The form in which documents are compared. Insignificant characters do not count, nor does a `__typename`: Apollo Client
 * adds it to what it sends, where its manifest may lack it, and it tells nothing that the schema does not. Nor does
 * order: GraphQL Code Generator sorts the texts of its manifest, and not those that clients send. Only the fields at the
 * root of a mutation keep theirs, because they run in it.
 */
export function comparableForm(document: DocumentNode): string {
  const form = visit(document, {
    SelectionSet: {
      leave(set, _key, parent, _path, ancestors) {
        const telling = set.selections.filter((selection) => !isPlainTypename(selection));
        const selections = telling.length > 0 ? telling : set.selections.slice(0, 1);
        return { ...set, selections: runInOrder([...ancestors, parent]) ? selections : sorted(selections) };
      },
    },
    Field: { leave: (node) => ({ ...node, arguments: sorted(node.arguments) }) },
    Directive: { leave: (node) => ({ ...node, arguments: sorted(node.arguments) }) },
    OperationDefinition: { leave: (node) => ({ ...node, variableDefinitions: sorted(node.variableDefinitions) }) },
    Document: { leave: (node) => ({ ...node, definitions: sorted(node.definitions) }) },
  });
  return stripIgnoredCharacters(print(form));
}

/** Whether selections below these nodes are at the root of a mutation, be it in a fragment. */
function runInOrder(above: readonly (ASTNode | readonly ASTNode[] | undefined)[]): boolean {
  const nodes = above.filter((each): each is ASTNode => each !== undefined && 'kind' in each);
  return nodes.some(isOfMutation) && !nodes.some(({ kind }) => kind === Kind.FIELD);
}

function isOfMutation(node: ASTNode): boolean {
  if (node.kind === Kind.OPERATION_DEFINITION) return node.operation === 'mutation';
  return node.kind === Kind.FRAGMENT_DEFINITION && node.typeCondition.name.value === 'Mutation';
}

function sorted<Node extends ASTNode>(nodes: readonly Node[] = []): Node[] {
  const printed = nodes.map((node) => ({ node, text: print(node) }));
  return printed.sort((one, other) => (one.text < other.text ? -1 : 1)).map(({ node }) => node);
}

function isPlainTypename(selection: SelectionNode): boolean {
  if (selection.kind !== Kind.FIELD || selection.name.value !== '__typename') return false;
  return selection.alias === undefined && selection.directives?.length === 0;
}
