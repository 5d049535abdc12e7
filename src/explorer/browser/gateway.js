import { hideNotice, showNotice } from './notice.js';
import { goSignIn, signInAddress } from './sign-in.js';
import { currentToken, dropToken } from './token.js';
import { workStorage } from './work.js';

/** Under this name the tab remembers that an operation waits for a sign-in. */
const WAITING = 'waiting';

let offering = false;

/**
 * Sends an operation to the gateway, with the token in a header. What the answer says of the token is said on the page.
 * @param {BodyInit} body
 * @param {Record<string, string>} [headers] a person's own; an Authorization among them wins
 * @returns {Promise<Response>}
 */
export async function sendOperation(body, headers = {}) {
  const own = new Headers(headers);
  own.set('content-type', 'application/json');
  if (!own.has('accept')) own.set('accept', 'application/graphql-response+json, application/json;q=0.9');
  const ours = !own.has('authorization');
  if (ours && currentToken() !== '') own.set('authorization', `Bearer ${currentToken()}`);
  const hadToken = own.has('authorization');
  const response = await fetch('/graphql', { method: 'POST', headers: own, body });
  if (ours) await explain(response.clone(), hadToken, String(body));
  return response;
}

/** Whether an operation waited for the sign-in that this page was opened by; asked once. */
export function takeWaiting() {
  const waiting = workStorage.getItem(WAITING);
  workStorage.removeItem(WAITING);
  return waiting ?? undefined;
}

async function explain(response, hadToken, body) {
  const answer = await response.json().catch(() => undefined);
  const errors = Array.isArray(answer?.errors) ? answer.errors : [];
  const find = (code) => errors.find((error) => error?.extensions?.code === code);
  const interaction = find('INTERACTION_REQUIRED');
  if (interaction !== undefined) {
    const { claims } = interaction.extensions;
    return offerSignIn(
      'Microsoft Entra ID wants you to sign in again.',
      'Then send the operation again.',
      body,
      claims,
    );
  }
  if (find('UNAUTHENTICATED') === undefined) {
    if (offering) hideNotice();
    offering = false;
    return undefined;
  }
  if (!hadToken) return offerSignIn('Nobody is signed in.', 'This operation needs a person.', body);
  dropToken();
  document.dispatchEvent(new Event('token-dropped'));
  return offerSignIn(
    'Your sign-in has expired or is not accepted any more.',
    'Sign in, then send the operation again.',
    body,
  );
}

function offerSignIn(text, detail, body, claims) {
  offering = true;
  const href = signInAddress(typeof claims === 'string' ? claims : undefined);
  const run = () => {
    workStorage.setItem(WAITING, body);
    void goSignIn(href);
  };
  showNotice({ text, detail, urgent: true, actions: [{ label: 'Sign in', href, run }] });
}
