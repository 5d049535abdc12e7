import { collectWork, workStorage } from './work.js';

/** Under these names the tab remembers an operation that waits for a sign-in, and that it waits no more. */
const WAITING = 'waiting';
const READY = 'ready';

/** The address that sign-in begins at, on the origin whose redirect URI is registered. */
let address = '';
/**
 * What a sign-in is wanted for: the operation that waits, and the claims that it has to meet (JSON text). Undefined
 * while none is wanted.
 * @type {{ waiting?: string, claims?: string } | undefined}
 */
let wanted;

/** @param {string} given */
export function startSignIn(given) {
  address = given;
}

/**
 * Has the next sign-in, from whatever control, be for this.
 * @param {{ waiting?: string, claims?: string } | undefined} reason
 */
export function wantSignIn(reason) {
  wanted = reason;
  document.dispatchEvent(new Event('sign-in-wanted'));
}

/** Whether sign-in is wanted at the moment. */
export function isSignInWanted() {
  return wanted !== undefined;
}

/** The address of a sign-in that comes back to this page. */
export function signInAddress() {
  const url = new URL(address);
  if (location.search !== '') url.searchParams.set('return', location.pathname + location.search);
  if (wanted?.claims !== undefined) url.searchParams.set('claims', wanted.claims);
  return url.href;
}

/** Goes there. When that is another origin than this page's, its storage is another one too, so the work goes along. */
export async function goSignIn() {
  if (wanted?.waiting !== undefined) workStorage.setItem(WAITING, wanted.waiting);
  const url = new URL(signInAddress());
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

/** Somebody has signed in: what waited for it may be sent. */
export function endWaiting() {
  const waiting = workStorage.getItem(WAITING);
  if (waiting !== null) workStorage.setItem(READY, waiting);
}

/** The operation that waited for the sign-in that led to this page, as it was sent; asked once. */
export function takeReady() {
  const ready = workStorage.getItem(READY);
  workStorage.removeItem(READY);
  workStorage.removeItem(WAITING);
  return ready ?? undefined;
}

/**
 * Makes a link begin a sign-in; opened in another tab it is the same without the work.
 * @param {HTMLAnchorElement} link
 */
export function beginsSignIn(link) {
  link.href = signInAddress();
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void goSignIn();
  };
}
