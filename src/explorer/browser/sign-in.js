import { collectWork } from './work.js';

/** The address that sign-in begins at, on the origin whose redirect URI is registered. */
let address = '';

/** @param {string} given */
export function startSignIn(given) {
  address = given;
}

/**
 * The address of a sign-in that comes back to this page.
 * @param {string} [claims] JSON text of a claims challenge that it has to meet
 */
export function signInAddress(claims) {
  const url = new URL(address);
  url.searchParams.set('return', location.pathname + location.search);
  if (claims !== undefined) url.searchParams.set('claims', claims);
  return url.href;
}

/**
 * Goes there. When that is another origin than this page's, its storage is another one too, so the work goes along.
 * @param {string} href
 */
export async function goSignIn(href) {
  const url = new URL(href);
  if (url.origin !== location.origin) {
    const answer = await fetch('/sign-in/kept', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(collectWork()),
    }).catch(() => undefined);
    if (answer?.ok) url.searchParams.set('kept', (await answer.json()).kept);
  }
  location.assign(url);
}
