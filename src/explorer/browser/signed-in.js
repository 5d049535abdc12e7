import { pageData } from './page-data.js';
import { endWaiting } from './sign-in.js';
import { keepToken } from './token.js';
import { restoreWork } from './work.js';

const { token, returnTo, kept } = pageData('signed-in-data');
keepToken(token);
if (kept !== undefined) restoreWork(JSON.parse(kept) ?? {});
endWaiting();
location.replace(returnTo);
