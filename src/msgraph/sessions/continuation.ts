/** What continues a list at Graph: a skip token, a number of entries to skip, or both. It is opaque but for its form. */
const SKIP_TOKEN = /^\$skiptoken=(?:[\w.~!'()*+,:@/?=-]|%[0-9a-f]{2})+$/i;
const SKIP = /^\$skip=\d{1,9}$/i;

/** Whether this part of a query continues a list and does nothing else. */
export function isContinuation(query: string): boolean {
  const parts = query.split('&');
  const tokens = parts.filter((part) => SKIP_TOKEN.test(part)).length;
  const skips = parts.filter((part) => SKIP.test(part)).length;
  return tokens <= 1 && skips <= 1 && tokens + skips === parts.length;
}

/**
 * The part of a nextLink that continues the list, such as `$skiptoken=abc`. Only that is taken of it, and only when it
 * leads to this very collection, whatever the case of its letters: the caller's token goes nowhere else. Size and
 * selection are those of each request, and what Graph adds beside (`$count`, versions of its own) would be noise.
 * @returns undefined for a link that does not continue this collection
 */
export function continuationOf(nextLink: unknown, collection: URL): string | undefined {
  const url = typeof nextLink === 'string' ? URL.parse(nextLink) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.origin !== collection.origin) return undefined;
  if (url.pathname.toLowerCase() !== collection.pathname.toLowerCase()) return undefined;
  const parts = url.search.slice(1).split('&').map(plainSpelling);
  const query = parts.filter((part) => /^\$skip(?:token)?=/i.test(part)).join('&');
  return isContinuation(query) ? query : undefined;
}

/** "$" as it is, and in the value nothing that could be taken for the end of it. */
function plainSpelling(part: string): string {
  const [name = '', ...values] = part.split('=');
  const value = values.join('=').replace(/[^\w.~!'()*+,:@/?=%-]/g, encodeURIComponent);
  return `${name.replace(/^%24/, '$')}=${value}`;
}
