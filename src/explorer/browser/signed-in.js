import { withOwnTabs } from './graphiql-tabs.js';
import { pageData } from './page-data.js';
import { keepToken } from './token.js';
import { endWaiting, waitOn } from './waiting.js';
import { restoreWork } from './work.js';

/** Without a token nobody has signed in, and there is only work to bring back. */
const { token, returnTo, kept } = pageData('signed-in-data');
let isKept = true;
document.addEventListener('nothing-kept', () => {
  isKept = false;
});
if (kept !== undefined) restoreWork(withOwnTabs(JSON.parse(kept) ?? {}));
if (token !== undefined) {
  keepToken(token);
  endWaiting();
} else waitOn();
if (isKept) location.replace(returnTo);
else document.getElementById('not-kept').hidden = false;
