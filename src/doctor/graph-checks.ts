import { pino } from 'pino';
import type { Config } from '../config.ts';
import { GatewayError } from '../errors.ts';
import { startBudget } from '../http/budget.ts';
import { failureCause } from '../http/failure-cause.ts';
import { createHeldBytes } from '../http/held-bytes.ts';
import type { Transport } from '../http/transport.ts';
import { isRefusedBatch } from '../msgraph/client/batch.ts';
import type { GraphSession } from '../msgraph/client/graph-client.ts';
import { createGraphAccess } from '../msgraph/graph-access.ts';
import { startOperationRecord } from '../observability/operation-record.ts';
import { type Finding, failed, ok, warning } from './check.ts';

export interface GraphChecks {
  /** One session of the collection, of which only the harmless device name is asked for. */
  path(): Promise<Finding>;
  /** The same in a `$batch`. */
  batch(): Promise<Finding>;
  close(): void;
}

/** @param graphToken of the person, and sent to Graph only */
export function createGraphChecks(config: Config, transport: Transport, graphToken: string): GraphChecks {
  const { baseUrl, sessionsPath } = config.graph;
  const { batchRead, readPage } = createGraphAccess({
    config: { ...config, graph: { ...config.graph, requestsPerMinute: 0 } },
    transport,
    held: createHeldBytes(),
    sensitiveFields: [],
    logger: pino({ level: 'silent' }),
    telemetry: undefined,
  });
  const budget = startBudget(config.requestTimeoutMs * 2);
  const session: GraphSession = {
    callerKey: '',
    budget,
    record: startOperationRecord(),
    traceHeaders: {},
    getToken: () => graphToken,
    interactionRequired: () => new GatewayError('INTERACTION_REQUIRED', 'Graph wants the person to prove more.'),
  };
  return {
    async path() {
      try {
        await readPage({ first: 1, after: undefined, properties: ['deviceName'] }, session);
        return ok(`Graph knows ${baseUrl}/${sessionsPath}`);
      } catch (failure) {
        return pathFailure(failure, config);
      }
    },
    async batch() {
      const fix = 'Nothing to do: the gateway reads sessions one by one then, which costs more requests.';
      try {
        const [result] = await batchRead([`/${sessionsPath}?$top=1&$select=deviceName`], session);
        if (!(result instanceof GatewayError) && result !== undefined) return ok('Graph takes batches');
        return warning(`Graph answers the entry of a batch with ${describe(result)}`, fix);
      } catch (failure) {
        const refused = failure instanceof GatewayError && isRefusedBatch(failure);
        if (refused) return warning(`Graph refuses a batch (${describe(failure)}): reads go one by one`, fix);
        return warning(
          `Graph did not answer a batch: ${describe(failure)}`,
          'Try again: reads of several ids fail so.',
        );
      }
    },
    close: () => budget.close(),
  };
}

function pathFailure(failure: unknown, { graph }: Config): Finding {
  const told = `Graph did not answer ${graph.baseUrl}/${graph.sessionsPath}: ${describe(failure)}`;
  if (!(failure instanceof GatewayError)) return failed(told, 'Look at GRAPH_BASE_URL and the network.');
  switch (failure.code) {
    case 'INTERNAL_SERVER_ERROR':
    case 'NOT_FOUND':
    case 'BAD_USER_INPUT':
      return failed(told, 'Look at GRAPH_SESSIONS_PATH and GRAPH_BASE_URL: this Graph does not know the collection.');
    case 'FORBIDDEN':
      return failed(told, 'The person needs an Intune licence, and an Intune role with a right to Remote Help.');
    case 'INTERACTION_REQUIRED':
      return failed(told, 'Conditional Access asks the person for more: sign in again and pass the new token.');
    case 'THROTTLED':
      return failed(told, 'Wait, and try again.');
    default:
      return failed(told, 'Look at GRAPH_BASE_URL, the network and HTTPS_PROXY.');
  }
}

/** Graph's status and code, or why there was no answer. */
function describe(failure: unknown): string {
  if (!(failure instanceof GatewayError))
    return failure === undefined ? 'a refusal of the token' : failureCause(failure);
  const { graph, cause, hint } = failure.details;
  if (graph !== undefined && graph.status !== null)
    return `status ${graph.status}${graph.code === null ? '' : `, ${graph.code}`}`;
  if (cause !== undefined) return failureCause(cause);
  return hint ?? failure.code;
}
