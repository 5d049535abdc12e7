import { type DocumentNode, Kind, print, type SelectionNode, stripIgnoredCharacters, visit } from 'graphql';

/**
 * The form in which documents are compared. Insignificant characters do not count, nor does a `__typename`: Apollo Client
 * adds it to what it sends, where its manifest may lack it, and it tells nothing that the schema does not.
 */
export function comparableForm(document: DocumentNode): string {
  const withoutTypename = visit(document, {
    SelectionSet(set) {
      const selections = set.selections.filter((selection) => !isPlainTypename(selection));
      if (selections.length === set.selections.length) return undefined;
      return { ...set, selections: selections.length > 0 ? selections : set.selections.slice(0, 1) };
    },
  });
  return stripIgnoredCharacters(print(withoutTypename));
}

function isPlainTypename(selection: SelectionNode): boolean {
  if (selection.kind !== Kind.FIELD || selection.name.value !== '__typename') return false;
  return selection.alias === undefined && selection.directives?.length === 0;
}
