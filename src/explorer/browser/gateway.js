import { watchForOffer } from './offer.js';
import { currentToken } from './token.js';

/** What a person wrote cannot be sent; its message is for them. */
export class NotSent extends Error {}

/**
 * Sends an operation to the gateway, with the token in a header. What the answer says of the token is said on the page.
 * One that a person sends is announced by the event `operation-sent`.
 * @param {string} body
 * @param {Record<string, string>} [headers] a person's own; an Authorization among them wins
 * @returns {Promise<Response>}
 * @throws {NotSent}
 */
export async function sendOperation(body, headers = {}) {
  const own = headersOf(headers);
  const isOurs = !own.has('authorization');
  const isTools = isIntrospection(body);
  const explain = isOurs ? watchForOffer({ body, headers, isTools }) : undefined;
  if (isOurs && currentToken() !== '') own.set('authorization', `Bearer ${currentToken()}`);
  own.set('content-type', 'application/json');
  if (!own.has('accept')) own.set('accept', 'application/graphql-response+json, application/json;q=0.9');
  if (!isTools) document.dispatchEvent(new Event('operation-sent'));
  const response = await fetch('/graphql', { method: 'POST', headers: own, body });
  explain?.(
    await response
      .clone()
      .json()
      .catch(() => undefined),
  );
  return response;
}

function headersOf(given) {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    try {
      headers.set(name, value);
    } catch {
      throw new NotSent(
        `Browsers do not send the header ${JSON.stringify(name)}: a name is letters, digits and hyphens, a value has only characters of Latin-1. Nothing was sent.`,
      );
    }
  }
  return headers;
}

/** Both tools name theirs so. */
const isIntrospection = (body) => /"operationName":\s*"IntrospectionQuery"/.test(body);
