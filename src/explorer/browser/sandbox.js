import { sendOperation } from './gateway.js';
import { loadScript } from './load-script.js';

/** A script that is refused is known at once; one that hangs is not waited for longer. GraphiQL has to load after it. */
const LOAD_WITHIN_MS = 6_000;

/**
 * Shows Apollo Sandbox. It is given no token: what it would be given goes into the address of its frame. It asks this
 * page to send its operations, and this page adds the token.
 * @param {HTMLElement} element
 * @param {{ script: string, operations: { query: string, variables: object }[], waiting?: string }} options
 * @returns {Promise<boolean>} false when it cannot be loaded
 */
export async function showSandbox(element, { script, operations, waiting }) {
  // Later, so that a script which hangs does not keep the page from being loaded.
  if (document.readyState !== 'complete') await new Promise((resolve) => addEventListener('load', resolve));
  const loaded = await loadScript(script, LOAD_WITHIN_MS);
  if (!loaded || typeof globalThis.EmbeddedSandbox !== 'function') return false;
  const root = document.createElement('div');
  root.className = 'sandbox';
  root.id = 'sandbox';
  element.replaceChildren(root);
  const again = waiting === undefined ? undefined : JSON.parse(waiting);
  new globalThis.EmbeddedSandbox({
    target: '#sandbox',
    initialEndpoint: `${location.origin}/graphql`,
    endpointIsEditable: false,
    hideCookieToggle: true,
    runTelemetry: false,
    allowDynamicStyles: false,
    initialState: {
      document: again?.query ?? operations.map(({ query }) => query).join('\n'),
      variables: again?.variables ?? Object.assign({}, ...operations.map(({ variables }) => variables)),
      includeCookies: false,
    },
    handleRequest: (_endpoint, request) => sendOperation(request.body, request.headers),
  });
  return true;
}
