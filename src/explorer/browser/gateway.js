import { hideNotice, showNotice } from './notice.js';
import { beginsSignIn, isSignInWanted, wantSignIn } from './sign-in.js';
import { currentToken, dropToken } from './token.js';

/**
 * Sends an operation to the gateway, with the token in a header. What the answer says of the token is said on the page.
 * @param {string} body
 * @param {Record<string, string>} [headers] a person's own; an Authorization among them wins
 * @returns {Promise<Response>}
 */
export async function sendOperation(body, headers = {}) {
  const own = new Headers(headers);
  own.set('content-type', 'application/json');
  if (!own.has('accept')) own.set('accept', 'application/graphql-response+json, application/json;q=0.9');
  const ours = !own.has('authorization');
  const token = currentToken();
  if (ours && token !== '') own.set('authorization', `Bearer ${token}`);
  const response = await fetch('/graphql', { method: 'POST', headers: own, body });
  if (ours) await explain(response.clone(), token, body);
  return response;
}

async function explain(response, token, body) {
  const answer = await response.json().catch(() => undefined);
  const errors = Array.isArray(answer?.errors) ? answer.errors : [];
  const find = (code) => errors.find((error) => error?.extensions?.code === code);
  const interaction = find('INTERACTION_REQUIRED');
  if (interaction !== undefined) {
    const { claims } = interaction.extensions;
    wantSignIn({ waiting: body, ...(typeof claims === 'string' && { claims }) });
    return offer('Microsoft Entra ID wants you to sign in again.', 'Then the operation can be sent again.');
  }
  const refused = find('UNAUTHENTICATED') !== undefined;
  if (refused && token !== '') dropToken();
  // A tool asks for the schema by itself, at any time: that waits for no sign-in, and takes back no offer of one.
  if (isIntrospection(body)) {
    if (!refused || isSignInWanted()) return undefined;
    wantSignIn({});
    return offer('Your sign-in has expired or is not accepted any more.', 'What you wrote stays as it is.');
  }
  if (refused) {
    wantSignIn({ waiting: body });
    return token === ''
      ? offer('Nobody is signed in.', 'This operation needs a person.')
      : offer('Your sign-in has expired or is not accepted any more.', 'Then the operation can be sent again.');
  }
  if (!isSignInWanted()) return undefined;
  wantSignIn(undefined);
  return hideNotice();
}

/** Both tools name theirs so. */
const isIntrospection = (body) => /"operationName":\s*"IntrospectionQuery"/.test(body);

function offer(text, detail) {
  const action = document.createElement('a');
  action.className = 'button primary';
  action.textContent = 'Sign in';
  beginsSignIn(action);
  showNotice({ text, detail, urgent: true, action });
}
