import { runCurrentOperation, showGraphiql } from './graphiql.js';
import { button, hideNotice, showNotice } from './notice.js';
import { pageData } from './page-data.js';
import { showSandbox } from './sandbox.js';
import { beginsSignIn, isSignInWanted, startSignIn, takeReady } from './sign-in.js';
import { personName, startToken } from './token.js';

const data = pageData('explorer-data');
const tool = document.getElementById('tool');

startToken(data.token);
startSignIn(data.signIn);
showPerson();
document.addEventListener('sign-in-wanted', showPerson);
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
  const ready = takeReady();
  if (choice !== 'graphiql') {
    const shown = await showSandbox(tool, { script: data.sandboxScript, operations, ready });
    if (shown) return ready === undefined ? undefined : sayReady();
    if (choice === 'sandbox') {
      const text = 'Apollo Sandbox cannot be loaded.';
      return say(
        text,
        'It comes from the internet, which this browser does not reach. GraphiQL comes from this gateway.',
      );
    }
  }
  const shown = await showGraphiql(tool, { folder: data.graphiql, operations, ready });
  if (!shown)
    return say('GraphiQL cannot be loaded.', 'The gateway needs its development dependencies for it: npm ci.');
  markCurrent('graphiql');
  if (ready !== undefined) return sayReady(runCurrentOperation);
  if (choice === 'auto') {
    showNotice({ text: 'This is GraphiQL,', detail: 'because Apollo Sandbox cannot be loaded from the internet.' });
  }
}

/** After a sign-in that an operation asked for. It is not sent by itself: it may change something. */
function sayReady(run) {
  const text = 'You are signed in.';
  if (run === undefined) return showNotice({ text, detail: 'Run your operation again.' });
  const action = button('Send again', 'primary', () => {
    hideNotice();
    run();
  });
  return showNotice({ text, detail: 'Your operation is as you left it.', urgent: true, action });
}

function say(text, detail) {
  const message = document.createElement('div');
  message.className = 'message';
  message.setAttribute('role', 'alert');
  const heading = document.createElement('h2');
  heading.textContent = text;
  const words = document.createElement('p');
  words.textContent = detail;
  message.append(heading, words);
  if (data.choice === 'sandbox') {
    const link = document.createElement('a');
    link.className = 'button primary';
    link.href = '?explorer=graphiql';
    link.textContent = 'Open GraphiQL';
    message.append(link);
  }
  tool.replaceChildren(message);
}

function markCurrent(choice) {
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-choice]'))) {
    if (link.dataset.choice === choice) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}
