import type { Config } from '../config.ts';
import { interaction } from '../entra/exchange-failure.ts';
import type { TokenExchange } from '../entra/token-exchange.ts';
import type { GraphSession } from '../msgraph/graph-client.ts';
import type { SessionReader } from '../msgraph/read-sessions.ts';
import type { SessionPageReader } from '../msgraph/session-page.ts';
import type { SessionUpdater } from '../msgraph/update-session.ts';
import type { GatewayRequest, RequestContext } from './context.ts';
import { authenticationNeeded } from './execution/authentication-needed.ts';
import { createSessionLoader } from './session-loader.ts';

export interface ContextOptions {
  readonly entra: Config['entra'];
  readonly exchange: TokenExchange;
  readonly reader: SessionReader;
  readonly readPage: SessionPageReader;
  readonly update: SessionUpdater;
}

/** Joins who calls (entra) and what is called (msgraph) for one request; neither knows the other. */
export function createContextFactory(options: ContextOptions): (request: GatewayRequest) => RequestContext {
  const { entra, exchange, reader, readPage, update } = options;
  return (request) => {
    const { caller, authorization = '', budget, record, log, traceHeaders } = request;
    const graph: GraphSession = {
      callerKey: caller?.key ?? '',
      budget,
      record,
      traceHeaders,
      getToken(challenge) {
        if (caller === undefined) throw authenticationNeeded();
        return exchange({ caller, authorization, budget, record, ...challenge });
      },
      isShared: (token) => caller !== undefined && exchange.isShared?.(caller, token) === true,
      interactionRequired: (claims) => interaction('interaction_required', claims, entra),
    };
    const sessions = createSessionLoader(reader, graph);
    return { caller, budget, record, log, traceHeaders, graph, sessions, readPage, update };
  };
}
