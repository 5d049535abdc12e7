/**
 * The tab's own storage. A browser may refuse it, and it may be full: then memory takes its place until the page is
 * left, and the event `nothing-kept` says so.
 */
const memory = new Map();

/** @param {string} key */
export function read(key) {
  return memory.get(key) ?? attempt((storage) => storage.getItem(key)) ?? null;
}

/**
 * @param {string} key
 * @param {string} value
 */
export function write(key, value) {
  remove(key);
  const isKept = attempt((storage) => storage.setItem(key, value) ?? true) === true;
  if (isKept) return;
  if (memory.size === 0) document.dispatchEvent(new Event('nothing-kept'));
  memory.set(key, value);
}

/** @param {string} key */
export function remove(key) {
  memory.delete(key);
  attempt((storage) => storage.removeItem(key));
}

/** @returns {string[]} */
export function allKeys() {
  return [...new Set([...memory.keys(), ...(attempt((storage) => Object.keys(storage)) ?? [])])];
}

/** Already to name it is an error where it is refused. */
function attempt(use) {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
