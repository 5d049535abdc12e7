import { allKeys, read, remove, write } from './tab-storage.js';

/**
 * The work that a tab holds: what GraphiQL would put into localStorage, and the operation that waits for a sign-in. It
 * is in the tab's own storage, so it survives a sign-in and a reload, and ends with the tab.
 */
const PREFIX = 'explorer.work.';
/** What GraphiQL keeps beside its tabs is made from them when the page begins. */
const MADE_ANEW = ['graphiql:query', 'graphiql:variables'];

/** A `Storage` for GraphiQL. @type {Storage} */
export const workStorage = {
  getItem: (key) => read(PREFIX + key),
  setItem: (key, value) => write(PREFIX + key, value),
  removeItem: (key) => remove(PREFIX + key),
  clear() {
    for (const key of keys()) workStorage.removeItem(key);
  },
  key: (index) => keys()[index] ?? null,
  get length() {
    return keys().length;
  },
};

function keys() {
  return allKeys()
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => key.slice(PREFIX.length));
}

/** All that is needed of it, as an object, to be taken to another origin. */
export function collectWork() {
  const needed = keys().filter((key) => !MADE_ANEW.includes(key));
  return Object.fromEntries(needed.map((key) => [key, workStorage.getItem(key) ?? '']));
}

/** @param {Record<string, unknown>} work */
export function restoreWork(work) {
  for (const [key, value] of Object.entries(work)) {
    if (typeof value === 'string') workStorage.setItem(key, value);
  }
}
