import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createDiscovery } from './entra/discovery.ts';
import { createTokenExchange } from './entra/token-exchange.ts';
import { createCallerVerifier } from './entra/verify-caller.ts';
import { createApollo } from './graphql/apollo.ts';
import { createContextFactory } from './graphql/create-context.ts';
import { createDocumentGate } from './graphql/documents/document-gate.ts';
import { findPersistedText, findTrustedText } from './graphql/documents/find-text.ts';
import { createKnownOperations } from './graphql/documents/known-operations.ts';
import { createPersistedQueryCache } from './graphql/documents/persisted-queries.ts';
import { loadTrustedDocuments } from './graphql/documents/trusted-documents.ts';
import { createGraphQLHandler } from './graphql/graphql-handler.ts';
import { createSandboxPlugin, type SandboxStart } from './graphql/sandbox.ts';
import type { SchemaSource } from './graphql/schema.ts';
import { createTransport } from './http/transport.ts';
import { createGraphAccess } from './msgraph/graph-access.ts';
import type { RequestLines } from './observability/create-log.ts';
import type { Telemetry } from './observability/telemetry.ts';
import { createCallerLimit } from './replicas/caller-limit.ts';
import type { Replicas } from './replicas/replicas.ts';
import { createDoor } from './web/door.ts';
import type { Lifecycle } from './web/health.ts';
import type { SlowClientLimits } from './web/http-limits.ts';

export interface ServerDependencies {
  readonly logger: Logger;
  readonly lines: RequestLines;
  readonly schema: SchemaSource;
  /** What the Sandbox opens with, outside production. */
  readonly sandbox?: SandboxStart | undefined;
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
/** Requests inside for each one that may be with Graph: more only wait longer, and cost memory. */
const INSIDE_PER_PLACE = 5;
/** GraphQL requests at once for however small a concurrency: not all of them call Graph. */
const MIN_INSIDE = 256;

/** Wires the whole gateway: a Fastify instance that does not listen yet, and holds all that its `close` closes. */
export async function buildServer(config: Config, dependencies: ServerDependencies): Promise<GatewayServer> {
  const { logger, lines, schema, telemetry, slowClients, clock, random } = dependencies;
  const time = { ...(clock && { clock }), ...(random && { random }) };
  const { production, requestTimeoutMs, entra } = config;
  const maxOutward = config.graph.maxConcurrency * CONNECTIONS_PER_PLACE;
  const watch = telemetry?.watch;
  const lifecycle: Lifecycle = { draining: false };

  const transport = createTransport({ requestTimeoutMs, maxConnectionsPerOrigin: maxOutward, proxies: config.proxies });
  const { authorityHost, tenantId } = entra;
  const discovery = createDiscovery({
    authorityHost,
    tenantId,
    transport,
    requestTimeoutMs,
    log: logger,
    watch,
    ...time,
  });
  const replicas = await joinReplicas(config, logger, clock);
  const trusted = config.trustedDocuments === undefined ? undefined : loadTrustedDocuments(config.trustedDocuments);
  const persisted = createPersistedQueryCache({ shared: replicas?.persistedQueries, watch });
  const known = createKnownOperations(watch);
  const subgraph = config.federation ? await buildSubgraph(schema) : undefined;
  const apollo = createApollo({
    production,
    schema,
    subgraph: subgraph?.schema,
    known,
    persistedQueries: trusted === undefined ? persisted : undefined,
    landingPage: production ? undefined : createSandboxPlugin(dependencies.sandbox),
    logger,
  });
  await apollo.start();

  const app = createDoor({
    ...config,
    maxInside: Math.max(MIN_INSIDE, config.graph.maxConcurrency * INSIDE_PER_PLACE),
    maxOutward,
    handle: createGraphQLHandler({
      apollo,
      createContext: createContextFactory({
        entra,
        exchange: createTokenExchange({ config, discovery, transport, sharedTokens: replicas?.tokens, watch, ...time }),
        ...createGraphAccess({
          config,
          transport,
          sensitiveFields: schema.sensitiveFields,
          logger,
          telemetry,
          replicas,
          ...time,
        }),
        lines,
        sensitiveFields: schema.sensitiveFields,
      }),
      documents: createDocumentGate(trusted),
      findText: trusted === undefined ? findPersistedText(persisted) : findTrustedText(trusted),
      known,
    }),
    verifyCaller: createCallerVerifier({ entra, discovery, watch, ...time }),
    limit: createCallerLimit({ pointsPerMinute: config.rateLimitPerMinute, shared: replicas?.requests, ...time }),
    // With a router in front this is what its composition fetches; clients have the router's schema.
    schemaText: subgraph?.sdl ?? schema.text,
    lifecycle,
    readiness: discovery,
    logger,
    lines,
    telemetry,
    slowClients,
    async release() {
      await apollo.stop();
      discovery.close();
      await transport.close();
      await replicas?.close();
    },
  });
  // The first callers are better off with it, and the start does not depend on it.
  await replicas?.tried;
  return {
    app,
    warmUp: discovery.warmUp,
    drain() {
      lifecycle.draining = true;
    },
  };
}

/** Federation's library is not even loaded where nobody asks for it. */
async function buildSubgraph({ typeDefs }: SchemaSource) {
  const { subgraphSchema } = await import('./graphql/federation/subgraph-schema.ts');
  const { buildSubgraph: build } = await import('./graphql/federation/subgraph.ts');
  const subgraph = subgraphSchema(typeDefs);
  return { schema: build(subgraph), sdl: subgraph.sdl };
}

/** What this process shares with others. Redis's client is large: without `REDIS_URL` it is not even loaded. */
async function joinReplicas(config: Config, logger: Logger, clock = Date.now): Promise<Replicas | undefined> {
  const { redis, entra, graph } = config;
  if (redis === undefined) return undefined;
  const { createReplicas } = await import('./replicas/replicas.ts');
  return createReplicas({ redis, entra, graph, logger, clock });
}
