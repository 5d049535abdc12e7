import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import type { Discovery } from '../entra/callers/discovery.ts';
import { GatewayError } from '../errors.ts';
import type { Transport } from '../http/transport.ts';
import { encodingFor, registerAssets } from './asset-route.ts';
import { type Assets, createAssets } from './assets.ts';
import { graphiqlPolicy, sandboxPolicy } from './content-security-policy.ts';
import { MissingPackage } from './development-packages.ts';
import { explorerOrigin } from './explorer-origin.ts';
import { type ExplorerChoice, explorerPage } from './explorer-page.ts';
import { createKeptWork, MAX_WORK_BYTES } from './kept-work.ts';
import { readyOperations } from './operations.ts';
import { PAGE, pageStrategy } from './page-strategy.ts';
import { EXPLORER_PATH } from './sign-in/return-path.ts';
import { createSignInClient } from './sign-in/sign-in-client.ts';
import { registerSignIn, SIGN_IN_PATH } from './sign-in/sign-in-routes.ts';

/** What the explorer opens with on the emulator. */
export interface ExplorerStart {
  /** A session that exists, so that the update works as it stands. */
  readonly sessionId: string;
  /** A token of the first sample person; made anew for each view, because tokens expire. */
  mintToken(): Promise<string>;
}

export interface ExplorerOptions {
  readonly config: Config;
  readonly discovery: Discovery;
  readonly transport: Transport;
  /** Set where the gateway talks to the embedded emulator. */
  readonly start: ExplorerStart | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: (() => number) | undefined;
}

const README = new URL('../../README.md', import.meta.url);

/**
 * All of the explorer, for development only: its page at `GET /graphql` for browsers, the page's files, `/readme` and
 * sign-in. It shares `/graphql` with GraphQL, which never sees a browser that only wants to look.
 */
export function registerExplorer(app: FastifyInstance, options: ExplorerOptions): void {
  const { config, start } = options;
  const assets = createAssets();
  const kept = createKeptWork();
  const origin = () => explorerOrigin(config, app.server.address());
  const client = createSignInClient({
    entra: config.entra,
    discovery: options.discovery,
    transport: options.transport,
    requestTimeoutMs: config.requestTimeoutMs,
  });

  app.addConstraintStrategy(pageStrategy());
  app.get(EXPLORER_PATH, { constraints: { [PAGE]: true } }, sendExplorer);
  registerAssets(app, assets);
  registerSignIn(app, { entra: config.entra, client, origin, assets: assets.own, kept, clock: options.clock });
  app.post(`${SIGN_IN_PATH}/kept`, { bodyLimit: MAX_WORK_BYTES }, (request, reply) => {
    const handle = kept.put(JSON.stringify(request.body));
    if (handle === undefined) throw new GatewayError('BAD_REQUEST', 'The work is larger than 1 MiB.', { status: 413 });
    return reply.type('application/json; charset=utf-8').send(JSON.stringify({ kept: handle }));
  });
  app.get('/readme', (_request, reply) => reply.type('text/plain; charset=utf-8').send(readFileSync(README, 'utf8')));

  async function sendExplorer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const choice = choiceOf(request, start === undefined);
    const page = explorerPage({
      choice,
      talksTo:
        start === undefined
          ? `Tenant ${config.entra.tenantId} at ${new URL(config.entra.authorityHost).host}`
          : 'Emulator',
      assets: assets.own,
      graphiql: graphiqlFolder(assets),
      signIn: `${origin()}${SIGN_IN_PATH}`,
      operations: readyOperations(start?.sessionId),
      token: await start?.mintToken(),
    });
    // Sandbox opens windows of Apollo's, which this header would cut off.
    if (choice !== 'graphiql') reply.removeHeader('cross-origin-opener-policy');
    if (choice !== 'sandbox')
      reply.raw.once('finish', () => assets.warm(encodingFor(request.headers['accept-encoding'])));
    return reply
      .header('content-security-policy', choice === 'graphiql' ? graphiqlPolicy : sandboxPolicy)
      .type('text/html; charset=utf-8')
      .send(page);
  }
}

/** On a real tenant nothing is loaded from elsewhere unless it is asked for. */
function choiceOf(request: FastifyRequest, realTenant: boolean): ExplorerChoice {
  const asked = new URL(request.url, 'http://localhost').searchParams.get('explorer');
  if (asked === 'sandbox' || asked === 'graphiql') return asked;
  return realTenant ? 'graphiql' : 'auto';
}

/** The page is shown without GraphiQL's package too: its file then says what is missing. */
function graphiqlFolder(assets: Assets): string {
  try {
    return assets.graphiql;
  } catch (failure) {
    if (failure instanceof MissingPackage) return `${assets.own}/missing`;
    throw failure;
  }
}
