import { firstOperationName } from './operation-name.js';
import { workStorage } from './work.js';

/**
 * Makes GraphiQL's tabs what they were, or those that the page begins with; the operation that waits is in front.
 *
 * GraphiQL keeps its tabs, but opens the one whose text it kept beside them, which is the one that was edited last; for
 * any other it makes an empty tab. So that text is made the active tab's. It also keeps them half a second later than
 * they are changed: who was quicker has the operation that waits in a tab of its own.
 * @param {object[]} tabs that the page begins with
 * @param {string | undefined} waiting an operation as it was sent
 */
export function restoreTabs(tabs, waiting) {
  const state = keptTabs() ?? { tabs, activeTabIndex: 0 };
  if (waiting !== undefined) bringForward(state, JSON.parse(waiting));
  const { query, variables } = state.tabs[state.activeTabIndex];
  workStorage.setItem('graphiql:tabState', JSON.stringify(state));
  workStorage.setItem('graphiql:query', query ?? '');
  workStorage.setItem('graphiql:variables', variables ?? '');
  workStorage.removeItem('graphiql:headers');
}

/**
 * Work that comes from another origin, with the tabs that are here already added to its own: they are newer, or others.
 * @param {Record<string, string>} work
 */
export function withOwnTabs(work) {
  const [own, brought] = [keptTabs(), tabsIn(work['graphiql:tabState'])];
  if (own === undefined || brought === undefined) return work;
  const isNew = ({ query, variables }) =>
    !brought.tabs.some((tab) => tab.query === query && (tab.variables ?? '') === (variables ?? ''));
  const tabs = [...brought.tabs, ...own.tabs.filter(isNew)];
  return { ...work, 'graphiql:tabState': JSON.stringify({ ...brought, tabs }) };
}

const keptTabs = () => tabsIn(workStorage.getItem('graphiql:tabState'));

/** Undefined when none were kept. */
function tabsIn(text) {
  const state = JSON.parse(text ?? 'null');
  return state?.tabs?.[state.activeTabIndex] === undefined ? undefined : state;
}

/** No tab is changed for it: what is in them may be newer. */
function bringForward(state, operation) {
  const holds = (tab) => tab?.query === operation.query && sameVariables(tab.variables, operation.variables);
  if (holds(state.tabs[state.activeTabIndex])) return;
  const index = state.tabs.findIndex(holds);
  state.activeTabIndex = index >= 0 ? index : state.tabs.push(tabOf(operation)) - 1;
}

/** GraphiQL takes comments and trailing commas in variables. */
function sameVariables(text, variables = {}) {
  const json = (text ?? '')
    .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1')
    .replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, '$1');
  try {
    return JSON.stringify(JSON.parse(json.trim() || '{}')) === JSON.stringify(variables);
  } catch {
    return false;
  }
}

/**
 * An operation in GraphiQL's own shape.
 * @param {{ query: string, variables?: object, operationName?: string }} operation
 */
export function tabOf({ query, variables = {}, operationName }) {
  const name = operationName ?? firstOperationName(query) ?? null;
  return {
    id: `operation-${Math.random()}`,
    title: name ?? '<untitled>',
    query,
    variables: Object.keys(variables).length === 0 ? '' : JSON.stringify(variables, null, 2),
    headers: null,
    operationName: name,
    response: null,
  };
}
