import { showNotice } from './notice.js';
import { forgetWaiting, keepWaiting } from './waiting.js';
import { collectWork } from './work.js';

/** The gateway answers in milliseconds; who waits longer is told. */
const KEEP_WITHIN_MS = 3_000;

/** The address that sign-in begins at, on the origin whose redirect URI is registered. */
let address = '';
/** What a sign-in is wanted for; undefined while none is. @type {import('./waiting.js').Waiting | undefined} */
let wanted;

/** @param {string} given */
export function startSignIn(given) {
  address = given;
}

/**
 * Has the next sign-in, from whatever control, be for this.
 * @param {import('./waiting.js').Waiting | undefined} reason undefined when none is wanted any more
 */
export function wantSignIn(reason) {
  wanted = reason;
  if (reason === undefined) forgetWaiting();
  document.dispatchEvent(new Event('sign-in-wanted'));
}

/** Whether sign-in is wanted at the moment. */
export function isSignInWanted() {
  return wanted !== undefined;
}

/** The address of a sign-in that comes back to this page, and to the tool that was chosen. */
function signInAddress() {
  const url = new URL(address);
  const tool = new URLSearchParams(location.search).get('explorer');
  if (tool !== null) url.searchParams.set('return', `${location.pathname}?${new URLSearchParams({ explorer: tool })}`);
  if (wanted?.claims !== undefined) url.searchParams.set('claims', wanted.claims);
  return url;
}

/** Goes there. When that is another origin than this page's, its storage is another one too, so the work goes along. */
async function goSignIn() {
  if (wanted !== undefined) keepWaiting(wanted);
  const url = signInAddress();
  if (url.origin !== location.origin) {
    const kept = await leaveWork();
    if (kept === undefined) return askToGoWithoutWork(url);
    url.searchParams.set('kept', kept);
  }
  return location.assign(url);
}

/** @returns {Promise<string | undefined>} its handle, undefined when the gateway did not take it */
async function leaveWork() {
  try {
    const answer = await fetch('/sign-in/kept', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(collectWork()),
      signal: AbortSignal.timeout(KEEP_WITHIN_MS),
    });
    return answer.ok ? (await answer.json()).kept : undefined;
  } catch {
    return undefined;
  }
}

function askToGoWithoutWork(url) {
  const action = document.createElement('a');
  action.className = 'button primary';
  action.href = url.href;
  action.textContent = 'Sign in without it';
  showNotice({
    text: 'What you wrote cannot be taken along.',
    detail: `Sign-in leads to ${url.host}, and this gateway did not take your work there. Copy what you need first.`,
    urgent: true,
    action,
  });
}

/**
 * Makes a link begin a sign-in; opened in another tab it is the same without the work.
 * @param {HTMLAnchorElement} link
 */
export function beginsSignIn(link) {
  link.href = signInAddress().href;
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void goSignIn();
  };
}
