import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { Config } from '../config.ts';
import { createDiscovery } from '../entra/callers/discovery.ts';
import { createTransport } from '../http/transport.ts';
import { PRODUCT_NAME } from './explorer-page.ts';
import { failurePage, failureWords } from './failure-page.ts';
import { html } from './html.ts';
import { plainPage } from './page-shell.ts';
import { SIGN_IN_LIFE_MS } from './pending-sign-ins.ts';
import { EXPLORER_PATH } from './return-path.ts';
import { createSignInClient } from './sign-in-client.ts';
import { SignInFailure } from './sign-in-failure.ts';
import { CALLBACK_PATH, sendPage } from './sign-in-routes.ts';

const IN_TERMINAL = html`Go back to the terminal.`;

/**
 * Signs a person in through a browser on this machine, for a token in a terminal.
 * @param say gets lines for the person, the address to open among them; never the token
 * @returns the access token
 * @throws Error whose message is for the person
 */
export async function signInFromTerminal(
  config: Pick<Config, 'entra' | 'requestTimeoutMs' | 'proxies'>,
  say: (line: string) => void,
  waitMs = SIGN_IN_LIFE_MS,
): Promise<string> {
  const { entra, requestTimeoutMs, proxies } = config;
  const transport = createTransport({ requestTimeoutMs, maxConnectionsPerOrigin: 2, proxies });
  const { authorityHost, tenantId } = entra;
  const discovery = createDiscovery({ authorityHost, tenantId, transport, requestTimeoutMs });
  const client = createSignInClient({ entra, discovery, transport, requestTimeoutMs });
  const app = Fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let redirectUri = '';
  let begun: Awaited<ReturnType<typeof client.begin>> | undefined;

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });
  app.get(CALLBACK_PATH, async (request, reply) => {
    const query = new URL(request.url, redirectUri).searchParams;
    const pending = begun?.pending;
    if (pending === undefined || query.get('state') !== pending.state) {
      // Not ours, or a second time: the person may still come.
      const words = failureWords(new SignInFailure('stale'), entra, redirectUri);
      return sendPage(reply.code(words.status), failurePage(words, IN_TERMINAL));
    }
    begun = undefined;
    try {
      const token = await client.complete(query, pending);
      reply.raw.on('close', () => resolve(token));
      return sendPage(reply, plainPage({ title: `Signed in: ${PRODUCT_NAME}`, body: SIGNED_IN }));
    } catch (failure) {
      const refusal = refusalOf(failure);
      reply.raw.on('close', () => reject(refusal));
      const words = wordsOf(failure);
      return sendPage(reply.code(words.status), failurePage(words, IN_TERMINAL));
    }
  });

  const limit = setTimeout(() => reject(new Error('Nobody signed in.')), waitMs);
  try {
    // By that name on every address that it has: the browser chooses one.
    await app.listen({ host: 'localhost', port: 0 });
    redirectUri = `http://localhost:${(app.server.address() as AddressInfo).port}${CALLBACK_PATH}`;
    begun = await client.begin({ redirectUri, returnTo: EXPLORER_PATH }).catch((failure: unknown) => {
      throw refusalOf(failure);
    });
    say('Open this address in a browser on this machine, and sign in:');
    say(begun.address.href);
    return await promise;
  } finally {
    clearTimeout(limit);
    await app.close();
    await transport.close();
  }

  function wordsOf(failure: unknown) {
    if (failure instanceof SignInFailure) return failureWords(failure, entra, redirectUri);
    throw failure;
  }

  function refusalOf(failure: unknown): Error {
    const { what, remedy, said } = wordsOf(failure);
    return new Error(
      [what, remedy, said]
        .filter((line) => line !== undefined)
        .map(printable)
        .join('\n'),
    );
  }
}

const SIGNED_IN = html`<body class="plain">
<main>
<p class="brand">${PRODUCT_NAME}</p>
<h1>Signed in</h1>
<p>The token is in the terminal. You can close this page.</p>
</main>
</body>`;

/** What Entra says must not move the cursor or colour the terminal. */
const printable = (text: string): string => text.replace(/[^\P{Cc}\n]/gu, ' ');
