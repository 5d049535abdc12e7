/**
 * What the server put into the page for its script. It is taken out of it: a token may be among it.
 * @param {string} id
 */
export function pageData(id) {
  const element = document.getElementById(id);
  element?.remove();
  return JSON.parse(element?.textContent ?? 'null');
}
