import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** A place in the answer: how many fields end there, and the places below it. */
interface Place {
  fields: number;
  readonly below: Map<string, Place>;
}

/** Selections that are looked at, fragments opened; with cycles and many paths to a fragment there could be no end. */
const MAX_SELECTIONS = 20_000;

/**
 * How often graphql-js will compare two fields in order to tell whether they can share a place in the answer: each
 * with each that has the same name at the same path. Ordinary documents need a handful, aliased reads none.
 * @returns Infinity when it is too much even to count
 */
export function fieldComparisons(
  document: DocumentNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  let comparisons = 0;
  let left = MAX_SELECTIONS;
  const used = new Set<string>();
  const open = new Set<string>();

  const collect = (set: SelectionSetNode | undefined, place: Place): void => {
    for (const selection of set?.selections ?? []) {
      left -= 1;
      if (left < 0) return;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const inner = place.below.get(key) ?? { fields: 0, below: new Map() };
        place.below.set(key, inner);
        comparisons += inner.fields;
        inner.fields += 1;
        collect(selection.selectionSet, inner);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, place);
      else collectFragment(selection.name.value, place);
    }
  };
  const collectFragment = (name: string, place: Place): void => {
    // A fragment inside itself ends here; validation refuses it.
    if (open.has(name)) return;
    used.add(name);
    open.add(name);
    collect(fragments.get(name)?.selectionSet, place);
    open.delete(name);
  };
  const nowhere = (): Place => ({ fields: 0, below: new Map() });

  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) collect(definition.selectionSet, nowhere());
  }
  // What no operation uses is compared all the same.
  for (const name of fragments.keys()) {
    if (!used.has(name)) collectFragment(name, nowhere());
  }
  return left < 0 ? Number.POSITIVE_INFINITY : comparisons;
}
