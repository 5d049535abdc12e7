import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config.ts';
import { type Html, html } from '../html.ts';
import type { KeptWork } from '../kept-work.ts';
import type { PlainPage } from '../page-shell.ts';
import { entraRefusal } from './entra-refusal.ts';
import { failurePage, failureWords } from './failure-page.ts';
import { createPendingSignIns, SIGN_IN_LIFE_MS, type SignInPurpose } from './pending-sign-ins.ts';
import { EXPLORER_PATH, returnPath } from './return-path.ts';
import type { SignInClient } from './sign-in-client.ts';
import { SignInFailure } from './sign-in-failure.ts';
import { signedInPage, workBackPage } from './signed-in-page.ts';

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
/** Leads back to the explorer without a sign-in, and brings its work along. */
const BACK_PATH = '/sign-in/back';

/** Claims challenges of Entra are below this; they travel in an address. */
const MAX_CLAIMS = 4_000;
/** Handles of kept work have 43 characters. */
const MAX_HANDLE = 100;

/** `GET /sign-in` sends the browser to Entra, `GET /sign-in/callback` gets it back. */
export function registerSignIn(app: FastifyInstance, options: SignInRoutesOptions): void {
  const { entra, client, assets, kept } = options;
  const pending = createPendingSignIns(options.clock);
  const redirectUri = () => `${options.origin()}${CALLBACK_PATH}`;

  app.get(SIGN_IN_PATH, (request, reply) => {
    const purpose = purposeIn(queryOf(request));
    return orFailurePage(reply, purpose, async () => {
      const begun = await client.begin({ ...purpose, redirectUri: redirectUri() });
      const handle = pending.add(begun.pending);
      return reply.header('set-cookie', cookie(begun.pending.state, handle)).redirect(begun.address.href, 302);
    });
  });

  app.get(CALLBACK_PATH, (request, reply) => {
    const query = queryOf(request);
    const state = query.get('state') ?? '';
    return orFailurePage(reply, pending.purposeOf(state) ?? { returnTo: EXPLORER_PATH }, async () => {
      const begun = pending.take(state, cookieOf(request, cookieName(state)));
      if (begun === undefined) throw staleFailure(query);
      reply.header('set-cookie', cookie(state, undefined));
      const token = await client.complete(query, begun);
      return sendPage(reply, signedInPage({ assets, token, returnTo: begun.returnTo, kept: kept.take(begun.kept) }));
    });
  });

  app.get(BACK_PATH, (request, reply) => {
    const purpose = purposeIn(queryOf(request));
    return sendPage(reply, workBackPage({ assets, returnTo: purpose.returnTo, kept: kept.take(purpose.kept) }));
  });

  async function orFailurePage(
    reply: FastifyReply,
    purpose: SignInPurpose,
    answer: () => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    try {
      return await answer();
    } catch (failure) {
      if (!(failure instanceof SignInFailure)) throw failure;
      const words = failureWords(failure, entra, redirectUri());
      return sendPage(reply.code(words.status), failurePage(words, waysOn(purpose)));
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

/** Neither way loses what the person came with. */
function waysOn({ returnTo, claims, kept }: SignInPurpose): Html {
  const query = new URLSearchParams({
    ...(returnTo !== EXPLORER_PATH && { return: returnTo }),
    ...(claims !== undefined && { claims }),
    ...(kept !== undefined && { kept }),
  });
  const to = (path: string) => (query.size === 0 ? path : `${path}?${query}`);
  const back = kept === undefined ? returnTo : to(BACK_PATH);
  return html`<a class="button primary" href="${to(SIGN_IN_PATH)}">Sign in again</a> <a href="${back}">Back to the explorer</a>`;
}

function purposeIn(query: URLSearchParams): SignInPurpose {
  return {
    returnTo: returnPath(query.get('return')),
    claims: claimsIn(query),
    kept: query.get('kept')?.slice(0, MAX_HANDLE),
  };
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
