import { ApolloServer, type ApolloServerOptions } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { RequestContext } from './context.ts';
import { documentLimits } from './documents/document-limits.ts';
import type { KnownOperations } from './documents/known-operations.ts';
import { noIntrospection } from './documents/no-introspection.ts';
import type { PersistedQueryCache } from './documents/persisted-queries.ts';
import { createApolloPlugin } from './execution/apollo-plugin.ts';
import { formatError } from './format-error.ts';
import { resolvers } from './resolvers.ts';
import type { SchemaSource } from './schema.ts';

export interface ApolloOptions {
  readonly production: boolean;
  readonly schema: SchemaSource;
  /** The schema as a subgraph, where it is served as one. */
  readonly subgraph?: GraphQLSchema | undefined;
  readonly known: KnownOperations;
  /** Undefined where only trusted documents run: a client must not add to them. */
  readonly persistedQueries: PersistedQueryCache | undefined;
  readonly logger: NonNullable<ApolloServerOptions<RequestContext>['logger']>;
}

/** Apollo Server as this gateway sets it: nothing is on that costs time on every field or depends on NODE_ENV. */
export function createApollo(options: ApolloOptions): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    ...(options.subgraph === undefined
      ? { typeDefs: options.schema.typeDefs, resolvers }
      : { schema: options.subgraph }),
    logger: options.logger,
    // Its own words about introspection tell clients how to configure a server.
    introspection: true,
    validationRules: options.production ? [noIntrospection] : [],
    hideSchemaDetailsFromClientErrors: options.production,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Browsers ask before they send an Authorization header to another origin, so it is as good a proof as Apollo's own.
    csrfPrevention: { requestHeaders: ['x-apollo-operation-name', 'apollo-require-preflight', 'authorization'] },
    parseOptions: { maxTokens: documentLimits.tokens },
    persistedQueries: options.persistedQueries !== undefined && { cache: options.persistedQueries },
    // What was let in is kept in `known`; its own store does not count the texts.
    documentStore: null,
    formatError,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      createApolloPlugin(options.known),
    ],
  });
}
