/** A document without what may hold anything: strings and comments. */
const bare = (document) => document.replace(/"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n\r]*|,/g, ' ');

/**
 * @param {string} document
 * @returns {string | undefined} the name of its first operation
 */
export function firstOperationName(document) {
  return /^\s*(?:query|mutation|subscription)\s+(\w+)/.exec(bare(document))?.[1];
}

/**
 * @param {string} document
 * @param {string | undefined} name
 */
export function hasOperation(document, name) {
  return new RegExp(`\\b(query|mutation|subscription)\\s+${name}\\b`).test(bare(document));
}
