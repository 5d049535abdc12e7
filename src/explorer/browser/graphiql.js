import { sendOperation } from './gateway.js';
import { loadScript, loadStyle } from './load-script.js';
import { workStorage } from './work.js';

/** It comes from this machine, commonly; over a slow tunnel it is 2 MB. */
const LOAD_WITHIN_MS = 120_000;

/**
 * Shows GraphiQL.
 * @param {HTMLElement} element
 * @param {{ folder: string, operations: { query: string, variables: object }[] }} options
 * @returns {Promise<boolean>} false when it cannot be loaded
 */
export async function showGraphiql(element, { folder, operations }) {
  globalThis.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => `${folder}/${label}.js` };
  const loaded = await Promise.all([
    loadStyle(`${folder}/graphiql.css`),
    loadScript(`${folder}/graphiql.js`, LOAD_WITHIN_MS),
  ]);
  if (loaded.includes(false)) return false;
  const root = document.createElement('div');
  root.className = 'graphiql';
  pointAtActiveTab();
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
 * any other it makes an empty tab. So that text is made the active tab's.
 */
function pointAtActiveTab() {
  try {
    const { tabs, activeTabIndex } = JSON.parse(workStorage.getItem('graphiql:tabState') ?? '');
    const { query, variables } = tabs[activeTabIndex];
    workStorage.setItem('graphiql:query', query ?? '');
    workStorage.setItem('graphiql:variables', variables ?? '');
    workStorage.removeItem('graphiql:headers');
  } catch {
    // Nothing was kept.
  }
}

/** Presses GraphiQL's own button. */
export function runCurrentOperation() {
  document.querySelector('.graphiql-execute-button')?.click();
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
