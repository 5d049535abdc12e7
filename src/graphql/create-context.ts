import type { Config } from '../config.ts';
import { interaction } from '../entra/exchange/exchange-failure.ts';
import type { TokenExchange } from '../entra/exchange/token-exchange.ts';
import type { GraphSession } from '../msgraph/client/graph-client.ts';
import type { SessionReader } from '../msgraph/sessions/read-sessions.ts';
import type { SessionPageReader } from '../msgraph/sessions/session-page.ts';
import type { SessionWrites } from '../msgraph/sessions/session-writes.ts';
import type { RequestLines } from '../observability/log/create-log.ts';
import { createOperationAudit } from './audit.ts';
import type { GatewayRequest, RequestContext } from './context.ts';
import { authenticationNeeded } from './execution/authentication-needed.ts';
import { createSessionLoader } from './session-loader.ts';

export interface ContextOptions {
  readonly entra: Config['entra'];
  readonly exchange: TokenExchange;
  readonly reader: SessionReader;
  readonly readPage: SessionPageReader;
  readonly writes: SessionWrites;
  readonly lines: Pick<RequestLines, 'audit'>;
  readonly sensitiveFields: readonly string[];
}

/** Joins who calls (entra) and what is called (msgraph) for one request; neither knows the other. */
export function createContextFactory(options: ContextOptions): (request: GatewayRequest) => RequestContext {
  const { entra, exchange, reader, readPage, writes, lines, sensitiveFields } = options;
  return (request) => {
    const { caller, authorization = '', requestId, budget, record, log, traceHeaders } = request;
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
    const audit = createOperationAudit({ caller, requestId, record, lines });
    const ofRequest = { caller, requestId, budget, record, log, traceHeaders };
    return { ...ofRequest, graph, sessions, readPage, writes, audit, sensitiveFields };
  };
}
