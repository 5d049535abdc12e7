import { isIdleSince, now } from './attention.js';
import { sendAgain, showGraphiql } from './graphiql.js';
import { button, isNoticeShown, showNotice } from './notice.js';
import { offerAgain } from './offer.js';
import { pageData } from './page-data.js';
import { showSandbox } from './sandbox.js';
import { beginsSignIn, isSignInWanted, startSignIn } from './sign-in.js';
import { personName, startToken } from './token.js';
import { forgetWaiting, readWaiting } from './waiting.js';

const data = pageData('explorer-data');
const tool = document.getElementById('tool');
const loadedAt = now();

startToken(data.token);
startSignIn(data.signIn);
showPerson();
document.addEventListener('sign-in-wanted', showPerson);
document.addEventListener('person-changed', showPerson);
document.addEventListener('nothing-kept', sayNothingKept);
const waiting = readWaiting();
if (waiting?.signedIn === false) offerAgain(waiting);
await showTool();

function showPerson() {
  const name = personName();
  const link = /** @type {HTMLAnchorElement} */ (document.getElementById('sign-in'));
  document.getElementById('person').textContent = name;
  link.textContent = isSignInWanted() ? 'Sign in again' : name === '' ? 'Sign in' : 'Sign in as someone else';
  beginsSignIn(link);
}

async function showTool() {
  const { choice, operations } = data;
  const ready = waiting?.signedIn ? waiting : undefined;
  if (choice !== 'graphiql') {
    const shown = await showSandbox(tool, { script: data.sandboxScript, operations, waiting: waiting?.body });
    if (shown) return ready === undefined ? undefined : sayReady('Run your operation again.');
    if (choice === 'sandbox') {
      const link = document.createElement('a');
      link.href = '?explorer=graphiql';
      link.textContent = 'Open GraphiQL';
      const why = 'It comes from the internet, which this browser does not reach. GraphiQL comes from this gateway.';
      return say('Apollo Sandbox cannot be loaded.', why, link);
    }
  }
  const shown = await showGraphiql(tool, { folder: data.graphiql, operations, waiting: waiting?.body });
  if (!shown) return sayNoGraphiql();
  markCurrent('graphiql');
  if (ready !== undefined) {
    const action = button('Send again', 'primary', () => sendAgain(ready));
    return sayReady('Your operation is as you sent it.', action);
  }
  // What is said by now is of more weight.
  if (choice === 'auto' && !isNoticeShown()) {
    showNotice({ text: 'This is GraphiQL,', detail: 'because Apollo Sandbox cannot be loaded from the internet.' });
  }
}

/** After a sign-in that an operation asked for. It is not sent by itself: it may change something. */
function sayReady(detail, action) {
  if (isSignInWanted()) return;
  const close = showNotice({
    text: 'You are signed in.',
    detail,
    urgent: action !== undefined,
    action,
    focus: isIdleSince(loadedAt),
    onDismiss: forgetWaiting,
  });
  const settle = () => {
    close();
    forgetWaiting();
  };
  document.addEventListener('operation-sent', settle, { once: true });
}

function sayNothingKept() {
  showNotice({
    text: 'This browser keeps nothing for this page,',
    detail: 'because its storage is refused or full. What you write, and who is signed in, is lost with the page.',
  });
}

/** The package may be missing, or the gateway not there: it says so itself, or nothing. */
async function sayNoGraphiql() {
  const answer = await fetch(`${data.graphiql}/graphiql.js`).catch(() => undefined);
  const why =
    answer?.status === 404
      ? 'The gateway needs its development dependencies for it: npm ci.'
      : 'This browser could not get all of it from the gateway. Is the gateway still running?';
  const link = document.createElement('a');
  link.href = location.href;
  link.textContent = 'Load again';
  say('GraphiQL cannot be loaded.', why, link);
}

function say(text, detail, link) {
  const message = document.createElement('div');
  message.className = 'message';
  message.setAttribute('role', 'alert');
  const heading = document.createElement('h2');
  heading.textContent = text;
  const words = document.createElement('p');
  words.textContent = detail;
  link.className = 'button primary';
  message.append(heading, words, link);
  tool.replaceChildren(message);
}

function markCurrent(choice) {
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-choice]'))) {
    if (link.dataset.choice === choice) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}
