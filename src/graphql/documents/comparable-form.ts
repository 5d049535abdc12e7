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
 * order: GraphQL Code Generator sorts the texts of its manifest, and not those that clients send.
 */
export function comparableForm(document: DocumentNode): string {
  const form = visit(document, {
    SelectionSet: {
      leave(set) {
        const selections = set.selections.filter((selection) => !isPlainTypename(selection));
        return { ...set, selections: sorted(selections.length > 0 ? selections : set.selections.slice(0, 1)) };
      },
    },
    Field: { leave: (node) => ({ ...node, arguments: sorted(node.arguments) }) },
    Directive: { leave: (node) => ({ ...node, arguments: sorted(node.arguments) }) },
    OperationDefinition: { leave: (node) => ({ ...node, variableDefinitions: sorted(node.variableDefinitions) }) },
    Document: { leave: (node) => ({ ...node, definitions: sorted(node.definitions) }) },
  });
  return stripIgnoredCharacters(print(form));
}

function sorted<Node extends ASTNode>(nodes: readonly Node[] = []): Node[] {
  const printed = nodes.map((node) => ({ node, text: print(node) }));
  return printed.sort((one, other) => (one.text < other.text ? -1 : 1)).map(({ node }) => node);
}

function isPlainTypename(selection: SelectionNode): boolean {
  if (selection.kind !== Kind.FIELD || selection.name.value !== '__typename') return false;
  return selection.alias === undefined && selection.directives?.length === 0;
}
