import { takeWaiting } from './gateway.js';
import { runCurrentOperation, showGraphiql } from './graphiql.js';
import { hideNotice, showNotice } from './notice.js';
import { pageData } from './page-data.js';
import { showSandbox } from './sandbox.js';
import { goSignIn, signInAddress, startSignIn } from './sign-in.js';
import { personName, startToken } from './token.js';

const data = pageData('explorer-data');
const tool = document.getElementById('tool');

startToken(data.token);
startSignIn(data.signIn);
showPerson();
document.addEventListener('token-dropped', showPerson);
await showTool();

function showPerson() {
  const name = personName();
  const link = document.getElementById('sign-in');
  document.getElementById('person').textContent = name;
  link.textContent = name === '' ? 'Sign in' : 'Sign in as someone else';
  link.href = signInAddress();
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void goSignIn(signInAddress());
  };
}

async function showTool() {
  const { choice, operations } = data;
  const waiting = takeWaiting();
  if (choice !== 'graphiql') {
    const shown = await showSandbox(tool, { script: data.sandboxScript, operations, waiting });
    if (shown) return waiting === undefined ? undefined : sayWaiting();
    if (choice === 'sandbox') {
      const text = 'Apollo Sandbox cannot be loaded.';
      return say(
        text,
        'It comes from the internet, which this browser does not reach. GraphiQL comes from this gateway.',
      );
    }
  }
  const shown = await showGraphiql(tool, { folder: data.graphiql, operations });
  if (!shown)
    return say('GraphiQL cannot be loaded.', 'The gateway needs its development dependencies for it: npm ci.');
  markCurrent('graphiql');
  if (waiting !== undefined) return sayWaiting(runCurrentOperation);
  if (choice === 'auto') {
    showNotice({ text: 'This is GraphiQL,', detail: 'because Apollo Sandbox cannot be loaded from the internet.' });
  }
}

/** After a sign-in that an operation asked for. It is not sent by itself: it may change something. */
function sayWaiting(run) {
  const text = 'You are signed in.';
  if (run === undefined) return showNotice({ text, detail: 'Run your operation again.' });
  const again = () => {
    hideNotice();
    run();
  };
  showNotice({
    text,
    detail: 'Your operation is as you left it.',
    urgent: true,
    actions: [{ label: 'Send again', run: again }],
  });
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
  for (const link of document.querySelectorAll('[data-choice]')) {
    if (link.dataset.choice === choice) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}
