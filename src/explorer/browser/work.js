/**
 * The work that a tab holds: what GraphiQL would put into localStorage, and the operation that waits for a sign-in. It
 * is in the tab's own storage, so it survives a sign-in and a reload, and ends with the tab.
 */
const PREFIX = 'explorer.work.';

/** A `Storage` for GraphiQL. @type {Storage} */
export const workStorage = {
  getItem: (key) => sessionStorage.getItem(PREFIX + key),
  setItem: (key, value) => sessionStorage.setItem(PREFIX + key, value),
  removeItem: (key) => sessionStorage.removeItem(PREFIX + key),
  clear() {
    for (const key of keys()) sessionStorage.removeItem(key);
  },
  key: (index) => keys()[index]?.slice(PREFIX.length) ?? null,
  get length() {
    return keys().length;
  },
};

function keys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

/** All of it as an object, to be taken to another origin. */
export function collectWork() {
  return Object.fromEntries(keys().map((key) => [key.slice(PREFIX.length), sessionStorage.getItem(key) ?? '']));
}

/** @param {Record<string, unknown>} work */
export function restoreWork(work) {
  for (const [key, value] of Object.entries(work)) {
    if (typeof value === 'string') workStorage.setItem(key, value);
  }
}
