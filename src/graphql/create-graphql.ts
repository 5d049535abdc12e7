import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Telemetry } from '../observability/telemetry/telemetry.ts';
import { createApollo } from './apollo.ts';
import { type ContextOptions, createContextFactory } from './create-context.ts';
import { createDocumentGate } from './documents/document-gate.ts';
import { findPersistedText, findTrustedText } from './documents/find-text.ts';
import { createKnownOperations } from './documents/known-operations.ts';
import { createPersistedQueryCache, type PersistedQueryOptions } from './documents/persisted-queries.ts';
import { loadTrustedDocuments } from './documents/trusted-documents.ts';
import { createGraphQLHandler } from './graphql-handler.ts';
import type { GraphQLHandler } from './graphql-http.ts';
import type { SchemaSource } from './schema.ts';

export interface GraphQLOptions {
  readonly config: Config;
  readonly schema: SchemaSource;
  readonly context: ContextOptions;
  /** Persisted queries that other processes know. */
  readonly shared: PersistedQueryOptions['shared'];
  readonly watch: Telemetry['watch'] | undefined;
  readonly logger: Logger;
}

export interface GraphQL {
  readonly handle: GraphQLHandler;
  /** The schema as text. With a router in front it is what its composition fetches; clients have the router's schema. */
  readonly schemaText: string;
  stop(): Promise<void>;
}

/**
 * All that answers GraphQL requests, started.
 * @throws ConfigError for trusted documents that are none
 */
export async function createGraphQL(options: GraphQLOptions): Promise<GraphQL> {
  const { config, schema, shared, watch, logger } = options;
  const { production, trustedDocuments } = config;
  const trusted = trustedDocuments === undefined ? undefined : loadTrustedDocuments(trustedDocuments);
  const persisted = createPersistedQueryCache({ shared, watch });
  const known = createKnownOperations(watch);
  const persistedQueries = trusted === undefined ? persisted : undefined;
  const subgraph = config.federation ? await loadSubgraph(schema) : undefined;
  const apollo = createApollo({ production, schema, subgraph: subgraph?.schema, known, persistedQueries, logger });
  await apollo.start();
  return {
    handle: createGraphQLHandler({
      apollo,
      createContext: createContextFactory(options.context),
      documents: createDocumentGate(trusted),
      findText: trusted === undefined ? findPersistedText(persisted) : findTrustedText(trusted),
      known,
    }),
    schemaText: subgraph?.sdl ?? schema.text,
    stop: () => apollo.stop(),
  };
}

/** Federation's library is not even loaded where nobody asks for it. */
async function loadSubgraph({ typeDefs }: SchemaSource) {
  const { subgraphSchema } = await import('./federation/subgraph-schema.ts');
  const { buildSubgraph } = await import('./federation/subgraph.ts');
  const subgraph = subgraphSchema(typeDefs);
  return { schema: buildSubgraph(subgraph), sdl: subgraph.sdl };
}
