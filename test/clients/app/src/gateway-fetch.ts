// #region gateway-fetch
import type { GatewayErrorExtensions } from './gateway-errors.ts';

/** Without a challenge: a token, from the cache if there is one. With one: sign in, with its claims if it has any. */
export type GetToken = (challenge?: { readonly claims?: string; readonly reason?: string }) => Promise<string>;

/** `fetch` with the person's token. When Entra wants the person, it asks for a new token and sends the request once more. */
export function createGatewayFetch(getToken: GetToken): typeof fetch {
  let signingIn: Promise<string> | undefined;

  async function newToken(refused: string, challenge: GatewayErrorExtensions): Promise<string> {
    // Of several requests that are refused, the first asks the person and the others wait for it, or come later.
    const token = await getToken();
    if (token !== refused) return token;
    signingIn ??= getToken(challenge).finally(() => {
      signingIn = undefined;
    });
    return signingIn;
  }

  return async (address, init) => {
    const send = (token: string) => {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${token}`);
      return fetch(address, { ...init, headers });
    };
    const token = await getToken();
    const answer = await send(token);
    const challenge = answer.status === 401 ? challengeIn(await bodyOf(answer)) : undefined;
    return challenge === undefined ? answer : send(await newToken(token, challenge));
  };
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly extensions?: GatewayErrorExtensions }[];
}

/** A 401 of somebody else, of a proxy for example, need not be JSON. */
async function bodyOf(answer: Response): Promise<Answer> {
  return (await answer
    .clone()
    .json()
    .catch(() => ({}))) as Answer;
}

function challengeIn({ data, errors = [] }: Answer): GatewayErrorExtensions | undefined {
  // A field that was answered was done: do not do it a second time. (`__typename` is text.)
  if (Object.values(data ?? {}).some((field) => typeof field === 'object' && field !== null)) return undefined;
  return errors.find(({ extensions }) => extensions?.code === 'INTERACTION_REQUIRED')?.extensions;
}
// #endregion
