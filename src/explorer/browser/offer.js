import { isIdleSince, now } from './attention.js';
import { showNotice } from './notice.js';
import { beginsSignIn, isSignInWanted, wantSignIn } from './sign-in.js';
import { currentToken, dropToken } from './token.js';
import { forgetWaiting, readWaiting } from './waiting.js';

const STEP_UP = 'Microsoft Entra ID wants you to sign in again.';
const EXPIRED = 'Your sign-in has expired or is not accepted any more.';
const SEND_AGAIN = 'Then the operation can be sent again.';

/** How often sign-in was offered. */
let offers = 0;
let withdraw = () => {};

/**
 * To be called when a request leaves with the tab's token, or with none.
 * @param {{ body: string, headers: Record<string, string>, isTools: boolean }} request `isTools`: the tool asks by itself
 * @returns {(answer: any) => void} offers sign-in when the answer asks for it, and takes an offer back that is settled
 */
export function watchForOffer({ body, headers, isTools }) {
  const token = currentToken();
  const [leftAt, offersBefore] = [now(), offers];
  return (answer) => {
    const errors = Array.isArray(answer?.errors) ? answer.errors : [];
    const find = (code) => errors.find((error) => error?.extensions?.code === code);
    const interaction = find('INTERACTION_REQUIRED');
    const refused = find('UNAUTHENTICATED') !== undefined;
    if (refused && token !== '' && token === currentToken()) dropToken();
    // What a tool asks by itself waits for no sign-in, takes back no offer, and moves no focus.
    if (isTools) {
      if (refused && !isSignInWanted()) offer(EXPIRED, 'What you wrote stays as it is.', readWaiting() ?? {});
      return;
    }
    const focus = isIdleSince(leftAt);
    const waiting = { body, headers };
    if (interaction !== undefined) {
      const { claims } = interaction.extensions;
      offer(STEP_UP, SEND_AGAIN, { ...waiting, ...(typeof claims === 'string' && { claims }) }, focus);
    } else if (refused) {
      if (token === '') offer('Nobody is signed in.', 'This operation needs a person.', waiting, focus);
      else offer(EXPIRED, SEND_AGAIN, waiting, focus);
    } else if (isSignInWanted() && offers === offersBefore && answer?.data && errors.length === 0) {
      withdraw();
      wantSignIn(undefined);
    }
  };
}

/**
 * The person went to sign in, and came back without.
 * @param {import('./waiting.js').Waiting} waiting
 */
export function offerAgain(waiting) {
  offer(waiting.claims === undefined ? 'Sign-in was not finished.' : STEP_UP, 'What you wrote is still here.', waiting);
}

function offer(text, detail, waiting, focus = false) {
  offers += 1;
  wantSignIn({ ...waiting, signedIn: false });
  const action = document.createElement('a');
  action.className = 'button primary';
  action.textContent = 'Sign in';
  beginsSignIn(action);
  // The control of the header goes on to be for this sign-in; the next page does not offer it by itself.
  withdraw = showNotice({ text, detail, urgent: true, action, focus, onDismiss: forgetWaiting });
}
