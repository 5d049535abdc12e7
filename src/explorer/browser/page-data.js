/**
 * What the server put into the page for its script.
 * @param {string} id
 */
export function pageData(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? 'null');
}
