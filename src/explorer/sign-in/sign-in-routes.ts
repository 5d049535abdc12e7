import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config.ts';
import { html } from '../html.ts';
import type { KeptWork } from '../kept-work.ts';
import type { PlainPage } from '../page-shell.ts';
import { entraRefusal } from './entra-refusal.ts';
import { failurePage, failureWords } from './failure-page.ts';
import { createPendingSignIns, SIGN_IN_LIFE_MS } from './pending-sign-ins.ts';
import { EXPLORER_PATH, returnPath } from './return-path.ts';
import type { SignInClient } from './sign-in-client.ts';
import { SignInFailure } from './sign-in-failure.ts';
import { signedInPage } from './signed-in-page.ts';

export interface SignInRoutesOptions {
  readonly entra: Config['entra'];
  readonly client: SignInClient;
  /** The origin that the redirect URI is below. */
  readonly origin: () => string;
  /** Address of the folder with the page's own files. */
  readonly assets: string;
  readonly kept: KeptWork;
  readonly clock?: (() => number) | undefined;
}

export const SIGN_IN_PATH = '/sign-in';
export const CALLBACK_PATH = '/sign-in/callback';

/** Claims challenges of Entra are below this; they travel in an address. */
const MAX_CLAIMS = 4_000;

const NEXT = html`<a class="button primary" href="${SIGN_IN_PATH}">Sign in again</a> <a href="${EXPLORER_PATH}">Back to the explorer</a>`;

/** `GET /sign-in` sends the browser to Entra, `GET /sign-in/callback` gets it back. */
export function registerSignIn(app: FastifyInstance, options: SignInRoutesOptions): void {
  const { entra, client, assets } = options;
  const pending = createPendingSignIns(options.clock);
  const redirectUri = () => `${options.origin()}${CALLBACK_PATH}`;

  app.get(SIGN_IN_PATH, (request, reply) =>
    orFailurePage(reply, async () => {
      const query = queryOf(request);
      const begun = await client.begin({
        redirectUri: redirectUri(),
        returnTo: returnPath(query.get('return')),
        claims: claimsIn(query),
      });
      const handle = pending.add({ ...begun.pending, kept: options.kept.take(query.get('kept')) });
      return reply.header('set-cookie', cookie(begun.pending.state, handle)).redirect(begun.address.href, 302);
    }),
  );

  app.get(CALLBACK_PATH, (request, reply) =>
    orFailurePage(reply, async () => {
      const query = queryOf(request);
      const state = query.get('state') ?? '';
      const begun = pending.take(state, cookieOf(request, cookieName(state)));
      if (begun === undefined) throw staleFailure(query);
      reply.header('set-cookie', cookie(state, undefined));
      const token = await client.complete(query, begun);
      return sendPage(reply, signedInPage({ assets, token, returnTo: begun.returnTo, kept: begun.kept }));
    }),
  );

  async function orFailurePage(reply: FastifyReply, answer: () => Promise<FastifyReply>): Promise<FastifyReply> {
    try {
      return await answer();
    } catch (failure) {
      if (!(failure instanceof SignInFailure)) throw failure;
      const words = failureWords(failure, entra, redirectUri());
      return sendPage(reply.code(words.status), failurePage(words, NEXT));
    }
  }

  /** Bound to this sign-in by its name, so that two tabs do not take it from each other. It holds a random handle only. */
  function cookie(state: string, handle: string | undefined): string {
    const secure = options.origin().startsWith('https:') ? '; Secure' : '';
    const maxAge = handle === undefined ? 0 : SIGN_IN_LIFE_MS / 1000;
    return `${cookieName(state)}=${handle ?? ''}; Path=${CALLBACK_PATH}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`;
  }
}

export function sendPage(reply: FastifyReply, { page, policy }: PlainPage): FastifyReply {
  return reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(page);
}

/** What a stranger wrote into the address is not repeated; a number that we know has words of our own. */
function staleFailure(query: URLSearchParams): SignInFailure {
  if (!query.has('error')) return new SignInFailure('stale');
  return new SignInFailure('stale', {
    refusal: entraRefusal({ error: query.get('error'), error_description: query.get('error_description') }),
  });
}

const queryOf = (request: FastifyRequest): URLSearchParams => new URL(request.url, 'http://localhost').searchParams;

/** `state` is random and goes through addresses; a part of it tells sign-ins apart and gives nothing away. */
const cookieName = (state: string): string => `sign-in-${state.replace(/[^\w-]/g, '').slice(0, 8)}`;

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  const pairs = request.headers.cookie?.split(';').map((pair) => pair.trim()) ?? [];
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function claimsIn(query: URLSearchParams): string | undefined {
  const claims = query.get('claims');
  if (claims === null || claims.length > MAX_CLAIMS) return undefined;
  try {
    const value: unknown = JSON.parse(claims);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? claims : undefined;
  } catch {
    return undefined;
  }
}
