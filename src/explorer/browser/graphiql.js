import { sendOperation } from './gateway.js';
import { loadScript, loadStyle } from './load-script.js';
import { workStorage } from './work.js';

/** It comes from this machine, commonly; over a slow tunnel it is 2 MB. */
const LOAD_WITHIN_MS = 120_000;

/**
 * Shows GraphiQL.
 * @param {HTMLElement} element
 * @param {{ folder: string, operations: { query: string, variables: object }[], ready?: string }} options
 * @returns {Promise<boolean>} false when it cannot be loaded
 */
export async function showGraphiql(element, { folder, operations, ready }) {
  globalThis.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => `${folder}/${label}.js` };
  const loaded = await Promise.all([
    loadStyle(`${folder}/graphiql.css`),
    loadScript(`${folder}/graphiql.js`, LOAD_WITHIN_MS),
  ]);
  if (loaded.includes(false)) return false;
  const root = document.createElement('div');
  root.className = 'graphiql';
  restoreTabs(ready);
  element.replaceChildren(root);
  globalThis.YogaGraphiQL.renderYogaGraphiQL(root, {
    title: ' ',
    logo: ' ',
    fetcher,
    storage: workStorage,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
    defaultTabs: operations.map(({ query, variables }) => ({
      query,
      variables: Object.keys(variables).length === 0 ? '' : JSON.stringify(variables, null, 2),
    })),
    // Its own would write the operation into the address.
    onEditQuery: () => {},
  });
  document.addEventListener('keydown', runFromAnywhere);
  return true;
}

/**
 * GraphiQL keeps its tabs, but opens the one whose text it kept beside them, which is the one that was edited last; for
 * any other it makes an empty tab. So that text is made the active tab's. It also keeps them a little later than they are
 * changed, so the operation that was sent last may have to be put into its tab.
 * @param {string | undefined} ready that operation, as it was sent
 */
function restoreTabs(ready) {
  try {
    const state = JSON.parse(workStorage.getItem('graphiql:tabState') ?? '');
    if (ready !== undefined) putIntoTab(state, JSON.parse(ready));
    const { query, variables } = state.tabs[state.activeTabIndex];
    workStorage.setItem('graphiql:tabState', JSON.stringify(state));
    workStorage.setItem('graphiql:query', query ?? '');
    workStorage.setItem('graphiql:variables', variables ?? '');
    workStorage.removeItem('graphiql:headers');
  } catch {
    // Nothing was kept.
  }
}

function putIntoTab(state, { query, variables, operationName }) {
  const same = state.tabs.findIndex((tab) => tab.query === query);
  if (same >= 0) state.activeTabIndex = same;
  const text = variables === undefined ? '' : JSON.stringify(variables, null, 2);
  const name = operationName ?? null;
  Object.assign(state.tabs[state.activeTabIndex], {
    query,
    variables: text,
    operationName: name,
    title: name ?? '<untitled>',
  });
}

/** Presses GraphiQL's own button. */
export function runCurrentOperation() {
  /** @type {HTMLElement | null} */ (document.querySelector('.graphiql-execute-button'))?.click();
}

/** In its editors GraphiQL itself listens. */
function runFromAnywhere(event) {
  const isRun = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
  if (!isRun || event.target.closest?.('.graphiql-editor, dialog, [role=dialog]')) return;
  event.preventDefault();
  runCurrentOperation();
}

async function fetcher({ query, operationName, variables }, options) {
  // GraphiQL learns the name of what is typed a little later; who is quicker would be told of an unknown operation.
  const isThere = new RegExp(`\\b(query|mutation|subscription)\\s+${operationName}\\b`).test(query);
  const body = JSON.stringify({ query, variables, operationName: isThere ? operationName : undefined });
  try {
    const response = await sendOperation(body, options?.headers ?? {});
    return await response.json();
  } catch {
    return { errors: [{ message: 'The gateway gave no answer that can be read. Is it still running?' }] };
  }
}
