import { NotSent, sendOperation } from './gateway.js';
import { restoreTabs, tabOf } from './graphiql-tabs.js';
import { loadScript, loadStyle } from './load-script.js';
import { hasOperation } from './operation-name.js';
import { workStorage } from './work.js';

/** It comes from this machine, commonly; over a slow tunnel it is 2 MB. */
const LOAD_WITHIN_MS = 120_000;

/**
 * Shows GraphiQL.
 * @param {HTMLElement} element
 * @param {{ folder: string, operations: { query: string, variables: object }[], waiting?: string }} options
 *   `waiting`: an operation as it was sent
 * @returns {Promise<boolean>} false when it cannot be loaded
 */
export async function showGraphiql(element, { folder, operations, waiting }) {
  globalThis.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => `${folder}/${label}.js` };
  const loaded = await Promise.all([
    loadStyle(`${folder}/graphiql.css`),
    loadScript(`${folder}/graphiql.js`, LOAD_WITHIN_MS),
  ]);
  if (loaded.includes(false)) return false;
  const root = document.createElement('div');
  root.className = 'graphiql';
  const tabs = operations.map((operation) => tabOf(operation));
  restoreTabs(tabs, waiting);
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
  // Before its editors are there, it runs nothing.
  await appearance(root, '.graphiql-response .view-lines');
  return true;
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

/** As Ctrl+Enter in its editor. With several operations its button would only open a menu. */
function runCurrentOperation() {
  const isMac = navigator.userAgent.includes('Mac');
  const keys = { key: 'Enter', code: 'Enter', keyCode: 13, ctrlKey: !isMac, metaKey: isMac, bubbles: true };
  document.querySelector('.graphiql-query-editor .monaco-editor')?.dispatchEvent(new KeyboardEvent('keydown', keys));
}

/** In its editors GraphiQL itself listens. */
function runFromAnywhere(event) {
  const isRun = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
  if (!isRun || event.target.closest?.('.graphiql-editor, dialog, [role=dialog]')) return;
  event.preventDefault();
  runCurrentOperation();
}

/**
 * What the next run sends instead of what is in the tab in front.
 * @type {import('./waiting.js').Waiting | undefined}
 */
let instead;

/**
 * Sends it whatever tab is in front, and shows the answer there.
 * @param {import('./waiting.js').Waiting} waiting
 */
export function sendAgain(waiting) {
  instead = waiting;
  runCurrentOperation();
  // A run asks for its answer at once, or not at all: when the tab's variables are no JSON, GraphiQL says so.
  instead = undefined;
}

async function fetcher(asked, options) {
  const { body, headers } = instead ?? { body: bodyOf(asked), headers: options?.headers };
  try {
    const response = await sendOperation(body, headers ?? {});
    return await response.json();
  } catch (failure) {
    const message =
      failure instanceof NotSent
        ? failure.message
        : 'The gateway gave no answer that can be read. Is it still running?';
    return { errors: [{ message }] };
  }
}

/** GraphiQL learns the name of what is typed a little later; who is quicker would be told of an unknown operation. */
function bodyOf({ query, operationName, variables }) {
  const isThere = hasOperation(query, operationName);
  return JSON.stringify({ query, variables, operationName: isThere ? operationName : undefined });
}
