/** Where sign-in ends when nothing else is asked for, or nothing that may be. */
export const EXPLORER_PATH = '/graphql';

/** What the page itself asks for looks like this; nothing that a browser may read as another host does. */
const PATH = /^\/(?:[\w.~-]+(?:\/[\w.~-]+)*\/?)?(?:\?[\w.~!$'()*+,;:@/?%&=-]*)?$/;
/** Longer than any address that the page makes. */
const MAX_LENGTH = 2_000;

/**
 * The path to return to after sign-in. Anything but a plain path of this origin (another host, `//`, a backslash,
 * percent-encoded parts of the path) becomes the explorer's own.
 */
export function returnPath(asked: unknown): string {
  if (typeof asked !== 'string' || asked.length > MAX_LENGTH || !PATH.test(asked)) return EXPLORER_PATH;
  return asked;
}
