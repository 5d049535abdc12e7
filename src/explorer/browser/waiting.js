import { workStorage } from './work.js';

/**
 * What the person has gone to sign in for. It is part of the tab's work, until it was sent or is wanted no more.
 * @typedef {object} Waiting
 * @property {string} [body] the operation as it was sent; none when only a token was wanted
 * @property {Record<string, string>} [headers] the person's own that went with it, never an Authorization
 * @property {string} [claims] that the sign-in has to meet, JSON text
 * @property {boolean} [signedIn] whether somebody has signed in since
 */
const KEY = 'waiting';

/** @returns {Waiting | undefined} */
export function readWaiting() {
  return JSON.parse(workStorage.getItem(KEY) ?? 'null') ?? undefined;
}

/** @param {Waiting} waiting in place of what waited before */
export function keepWaiting(waiting) {
  workStorage.setItem(KEY, JSON.stringify(waiting));
}

/** It was sent, or is wanted no more. */
export function forgetWaiting() {
  workStorage.removeItem(KEY);
}

/** Somebody has signed in: what waited for it may be sent. */
export function endWaiting() {
  const waiting = readWaiting();
  if (waiting?.body === undefined) forgetWaiting();
  else keepWaiting({ ...waiting, signedIn: true });
}

/** Nobody has signed in, whatever the work says that came along. */
export function waitOn() {
  const waiting = readWaiting();
  if (waiting !== undefined) keepWaiting({ ...waiting, signedIn: false });
}
