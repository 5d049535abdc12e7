import type { Config } from '../config.ts';
import { missingToken } from '../entra/bearer-challenge.ts';
import { interaction } from '../entra/exchange-failure.ts';
import type { TokenExchange } from '../entra/token-exchange.ts';
import { GatewayError } from '../errors.ts';
import type { GraphSession } from '../msgraph/graph-client.ts';
import type { SessionReader } from '../msgraph/read-sessions.ts';
import type { SessionPageReader } from '../msgraph/session-page.ts';
import type { SessionUpdater } from '../msgraph/update-session.ts';
import type { GatewayRequest, RequestContext } from './context.ts';
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
    const { caller, authorization = '', budget, record, traceHeaders } = request;
    const graph: GraphSession = {
      callerKey: caller?.key ?? '',
      budget,
      record,
      traceHeaders,
      getToken: (challenge) =>
        exchange({ caller: caller ?? authenticationNeeded(), authorization, budget, record, ...challenge }),
      isShared: (token) => caller !== undefined && exchange.isShared(caller, token),
      interactionRequired: (claims) => interaction('interaction_required', claims, entra),
    };
    return { ...request, graph, sessions: createSessionLoader(reader, graph), readPage, update };
  };
}

/** Thrown for an operation without a token, where the door lets introspection pass. */
export function authenticationNeeded(): never {
  throw new GatewayError(
    'UNAUTHENTICATED',
    'This operation needs an access token: send "Authorization: Bearer <token>".',
    {
      challenge: missingToken,
    },
  );
}
