import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createDiscovery } from './entra/callers/discovery.ts';
import { createCallerVerifier } from './entra/callers/verify-caller.ts';
import { createTokenExchange } from './entra/exchange/token-exchange.ts';
import { createWarmUp } from './entra/exchange/warm-up.ts';
import type { ExplorerOptions, ExplorerStart } from './explorer/explorer.ts';
import { createGraphQL } from './graphql/create-graphql.ts';
import type { SchemaSource } from './graphql/schema.ts';
import { createHeldBytes } from './http/held-bytes.ts';
import { createTransport } from './http/transport.ts';
import { createGraphAccess } from './msgraph/graph-access.ts';
import type { RequestLines } from './observability/log/create-log.ts';
import type { Telemetry } from './observability/telemetry/telemetry.ts';
import { createCallerLimit } from './replicas/caller-limit.ts';
import { joinReplicas } from './replicas/join-replicas.ts';
import { createDoor } from './web/door.ts';
import type { Lifecycle } from './web/health.ts';
import type { SlowClientLimits } from './web/http-limits.ts';

export interface ServerDependencies {
  readonly logger: Logger;
  readonly lines: RequestLines;
  readonly schema: SchemaSource;
  /** What the explorer opens with, on the emulator. */
  readonly explorer?: ExplorerStart | undefined;
  /** Traces and metrics; undefined unless the settings ask for them. */
  readonly telemetry?: Telemetry | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly random?: () => number;
  readonly slowClients?: SlowClientLimits;
}

export interface GatewayServer {
  readonly app: FastifyInstance;
  /** Fetches what Entra publishes, until it succeeds, which `/readyz` waits for; resolves when the first try has ended. */
  warmUp(): Promise<void>;
  /** Says no to `/readyz` and closes connections after their next answer; requests are still served. */
  drain(): void;
}

/** undici has a connection rest for two turns of the event loop; with others to take, no place at Graph rests with it. */
const CONNECTIONS_PER_PLACE = 2;

/** Wires the whole gateway: a Fastify instance that does not listen yet, and holds all that its `close` closes. */
export async function buildServer(config: Config, dependencies: ServerDependencies): Promise<GatewayServer> {
  const { logger, lines, schema, telemetry, slowClients, clock, random } = dependencies;
  const time = { ...(clock && { clock }), ...(random && { random }) };
  const { requestTimeoutMs, entra } = config;
  const watch = telemetry?.watch;
  const lifecycle: Lifecycle = { draining: false };

  const replicas = await joinReplicas(config, logger, clock);
  const maxOutward = config.graph.maxConcurrency * CONNECTIONS_PER_PLACE;
  const transport = createTransport({ requestTimeoutMs, maxConnectionsPerOrigin: maxOutward, proxies: config.proxies });
  const held = createHeldBytes();
  const { authorityHost, tenantId } = entra;
  const documents = { authorityHost, tenantId, transport, requestTimeoutMs, log: logger, watch };
  const discovery = createDiscovery({ ...documents, ...time });
  const readiness = createWarmUp(discovery);
  const exchange = { config, discovery, transport, sharedTokens: replicas?.tokens, watch };
  const { sensitiveFields } = schema;
  const graph = { config, transport, held, sensitiveFields, logger, telemetry, replicas };
  const context = {
    entra,
    exchange: createTokenExchange({ ...exchange, ...time }),
    ...createGraphAccess({ ...graph, ...time }),
    lines,
    sensitiveFields,
  };
  const graphql = await createGraphQL({ config, schema, context, shared: replicas?.persistedQueries, watch, logger });
  const explorer = { config, discovery, transport, start: dependencies.explorer, clock };
  const app = createDoor({
    config,
    maxOutward,
    handle: graphql.handle,
    verifyCaller: createCallerVerifier({ entra, discovery, watch, ...time }),
    limit: createCallerLimit({ pointsPerMinute: config.rateLimitPerMinute, shared: replicas?.requests, ...time }),
    schemaText: graphql.schemaText,
    pages: config.production ? undefined : await loadExplorer(explorer),
    held,
    lifecycle,
    readiness,
    logger,
    lines,
    telemetry,
    slowClients,
    async release() {
      await graphql.stop();
      discovery.close();
      await transport.close();
      await replicas?.close();
    },
  });
  // The first callers are better off with it, and the start does not depend on it.
  await replicas?.tried;
  return {
    app,
    warmUp: readiness.warmUp,
    drain() {
      lifecycle.draining = true;
    },
  };
}

/** In production not even loaded. */
async function loadExplorer(options: ExplorerOptions) {
  const { registerExplorer } = await import('./explorer/explorer.ts');
  return (pages: FastifyInstance) => registerExplorer(pages, options);
}
