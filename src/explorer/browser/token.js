import { read, remove, write } from './tab-storage.js';

/** The access token of the tab. It is in this tab's storage and in memory, and nowhere else. */
const KEY = 'explorer.token';

let current = '';

/** @param {string | undefined} given what the page was served with; a sign-in of this tab wins over it */
export function startToken(given) {
  const own = read(KEY) ?? '';
  // Whether a token is still good is for the gateway to say. Only where there is a fresh one of the same person, an old
  // one is not tried; of another person it would be a change of person without a word.
  const isReplaced = own === '' || (given !== undefined && isExpired(own) && isOfOnePerson(own, given));
  current = given !== undefined && isReplaced ? given : own;
}

/** @param {string} token */
export function keepToken(token) {
  write(KEY, token);
}

/** The gateway does not take it any more. Announced by the event `person-changed`. */
export function dropToken() {
  remove(KEY);
  current = '';
  document.dispatchEvent(new Event('person-changed'));
}

/** Empty when nobody is signed in. */
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

function isOfOnePerson(one, other) {
  return claimsOf(one).oid === claimsOf(other).oid;
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
