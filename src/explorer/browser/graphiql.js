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
  const tabs = operations.map(tabOf);
  restoreTabs(tabs, ready);
  element.replaceChildren(root);
  globalThis.YogaGraphiQL.renderYogaGraphiQL(root, {
    title: ' ',
    logo: ' ',
    fetcher,
    storage: workStorage,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
    // Without them it would open one of its own.
    defaultTabs: tabs,
    // Its own would write the operation into the address.
    onEditQuery: () => {},
  });
  document.addEventListener('keydown', runFromAnywhere);
  // Before its editors are there, its button does nothing.
  await appearance(root, '.graphiql-response .view-lines');
  return true;
}

/**
 * GraphiQL keeps its tabs, but opens the one whose text it kept beside them, which is the one that was edited last; for
 * any other it makes an empty tab. So that text is made the active tab's. It also keeps them half a second later than
 * they are changed: who was quicker finds the tabs that the page begins with, and what was sent last among them.
 * @param {object[]} tabs that the page begins with
 * @param {string | undefined} ready the operation that was sent last, as it was sent
 */
function restoreTabs(tabs, ready) {
  const state = keptTabs() ?? { tabs, activeTabIndex: 0 };
  if (ready !== undefined) putIntoTab(state, JSON.parse(ready));
  const { query, variables } = state.tabs[state.activeTabIndex];
  workStorage.setItem('graphiql:tabState', JSON.stringify(state));
  workStorage.setItem('graphiql:query', query ?? '');
  workStorage.setItem('graphiql:variables', variables ?? '');
  workStorage.removeItem('graphiql:headers');
}

/** Undefined when none were kept. */
function keptTabs() {
  const state = JSON.parse(workStorage.getItem('graphiql:tabState') ?? 'null');
  return state?.tabs?.[state.activeTabIndex] === undefined ? undefined : state;
}

function putIntoTab(state, operation) {
  const same = state.tabs.findIndex((tab) => tab.query === operation.query);
  if (same >= 0) state.activeTabIndex = same;
  const { id, headers } = state.tabs[state.activeTabIndex];
  state.tabs[state.activeTabIndex] = { ...tabOf(operation), id, headers };
}

/**
 * An operation in GraphiQL's own shape.
 * @param {{ query: string, variables?: object, operationName?: string }} operation
 */
function tabOf({ query, variables = {}, operationName }, index = 0) {
  const name = operationName ?? /^\w+\s+(\w+)/.exec(query)?.[1] ?? null;
  return {
    id: `operation-${index}`,
    title: name ?? '<untitled>',
    query,
    variables: Object.keys(variables).length === 0 ? '' : JSON.stringify(variables, null, 2),
    headers: null,
    operationName: name,
    response: null,
  };
}

/** Resolves once there is such an element. */
function appearance(root, selector) {
  return new Promise((resolve) => {
    const look = () => {
      if (root.querySelector(selector) === null) return;
      observer.disconnect();
      resolve(undefined);
    };
    const observer = new MutationObserver(look);
    observer.observe(root, { childList: true, subtree: true });
    look();
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
