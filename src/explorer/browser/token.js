/** The access token of the tab. It is in this tab's storage and in memory, and nowhere else. */
const KEY = 'explorer.token';

let current = '';

/** @param {string | undefined} given what the page was served with; a sign-in of this tab wins over it */
export function startToken(given) {
  const own = sessionStorage.getItem(KEY) ?? '';
  // Whether a token is still good is for the gateway to say; only where there is a fresh one, an old one is not tried.
  current = given !== undefined && (own === '' || isExpired(own)) ? given : own;
}

/** @param {string} token */
export function keepToken(token) {
  sessionStorage.setItem(KEY, token);
}

/** The gateway does not take it any more. */
export function dropToken() {
  sessionStorage.removeItem(KEY);
  current = '';
}

export function currentToken() {
  return current;
}

/**
 * Who is signed in, as the token says; empty when nobody is.
 * @returns {string}
 */
export function personName() {
  if (current === '') return '';
  const { name, preferred_username: user } = claimsOf(current);
  return String([name, user].find((each) => typeof each === 'string' && each !== '') ?? 'Signed in');
}

/** @param {string} token */
function isExpired(token) {
  const { exp } = claimsOf(token);
  return typeof exp === 'number' && exp * 1000 <= Date.now();
}

/**
 * @param {string} token
 * @returns {Record<string, unknown>}
 */
function claimsOf(token) {
  try {
    const binary = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0))));
  } catch {
    return {};
  }
}
