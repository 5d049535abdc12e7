import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * The fields at the root of an operation, fragments opened, each once. `@include` and `@skip` are not looked at: this is
 * all that the operation can come to, whatever its variables.
 */
export function rootFields(
  operation: OperationDefinitionNode,
  fragmentOf: (name: string) => FragmentDefinitionNode | undefined,
): FieldNode[] {
  const fields: FieldNode[] = [];
  const opened = new Set<string>();
  const open = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) fields.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) open(selection.selectionSet);
      else if (!opened.has(selection.name.value)) {
        opened.add(selection.name.value);
        open(fragmentOf(selection.name.value)?.selectionSet);
      }
    }
  };
  open(operation.selectionSet);
  return fields;
}
