import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { isTooLarge, parseLimits } from './document-limits.ts';

/**
 * Whether a request without a token is refused for that before anything else is said of it: it selects something that
 * is neither introspection nor `__typename`, in whatever operation and behind whatever condition. What is no document, or
 * too large a one, is not: it cannot run, and there are better words for it.
 */
export function needsToken(text: string): boolean {
  if (isTooLarge(text)) return false;
  let document: DocumentNode;
  try {
    document = parse(text, { ...parseLimits, noLocation: true });
  } catch {
    return false;
  }
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet);
  }
  // Each fragment is opened once: it may hold itself.
  const selectsData = ({ selections }: SelectionSetNode): boolean =>
    selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return !selection.name.value.startsWith('__');
      if (selection.kind === Kind.INLINE_FRAGMENT) return selectsData(selection.selectionSet);
      const fragment = fragments.get(selection.name.value);
      fragments.delete(selection.name.value);
      return fragment !== undefined && selectsData(fragment);
    });
  return document.definitions.some(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION && selectsData(definition.selectionSet),
  );
}
