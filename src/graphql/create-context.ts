import type { Config } from '../config.ts';
import { missingToken } from '../entra/bearer-challenge.ts';
import { interaction } from '../entra/exchange-failure.ts';
import type { TokenExchange } from '../entra/token-exchange.ts';
import { GatewayError } from '../errors.ts';
import type { GraphSession } from '../msgraph/graph-client.ts';
import type { SessionReader } from '../msgraph/read-sessions.ts';
import type { SessionPageReader } from '../msgraph/session-page.ts';
import type { SessionUpdater } from '../msgraph/update-session.ts';
import type { RequestLines } from '../observability/create-log.ts';
import { createOperationAudit } from './audit.ts';
import type { GatewayRequest, RequestContext } from './context.ts';
import { createSessionLoader } from './session-loader.ts';

export interface ContextOptions {
  readonly entra: Config['entra'];
  readonly exchange: TokenExchange;
  readonly reader: SessionReader;
  readonly readPage: SessionPageReader;
  readonly update: SessionUpdater;
  readonly lines: Pick<RequestLines, 'audit'>;
  readonly sensitiveFields: readonly string[];
}

/** Joins who calls (entra) and what is called (msgraph) for one request; neither knows the other. */
export function createContextFactory(options: ContextOptions): (request: GatewayRequest) => RequestContext {
  const { entra, exchange, reader, readPage, update, lines, sensitiveFields } = options;
  return (request) => {
    const { caller, budget, record, traceHeaders } = request;
    const graph: GraphSession = {
      callerKey: caller?.key ?? '',
      budget,
      record,
      traceHeaders,
      getToken: (challenge) => exchange({ caller: caller ?? authenticationNeeded(), budget, record, ...challenge }),
      interactionRequired: (claims) => interaction('interaction_required', claims, entra),
    };
    const audit = createOperationAudit({ caller, requestId: request.requestId, record, lines });
    return {
      ...request,
      graph,
      sessions: createSessionLoader(reader, graph),
      readPage,
      update,
      audit,
      sensitiveFields,
    };
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
