import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  type GraphQLRequestContext,
  type GraphQLRequestListener,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type GraphQLError, getVariableValues, type OperationDefinitionNode } from 'graphql';
import { GatewayError } from '../errors.ts';
import type { RequestContext } from './context.ts';
import { authenticationNeeded } from './create-context.ts';
import { documentLimits } from './document-limits.ts';
import { variableMessage } from './error-messages.ts';
import { asGraphQLError, codeOf, formatError, gatewayErrorOf, isUnforeseen } from './format-error.ts';
import { checkOperationIds } from './operation-ids.ts';
import { resolvers } from './resolvers.ts';
import type { SchemaSource } from './schema.ts';
import { fieldsOf, type Selections } from './selected-fields.ts';

export interface ApolloOptions {
  readonly production: boolean;
  readonly schema: SchemaSource;
  /** Off where only trusted documents run: a client must not add to them. */
  readonly automaticPersistedQueries: boolean;
  readonly landingPage: ApolloServerPlugin<RequestContext> | undefined;
  readonly logger: NonNullable<ApolloServerOptions<RequestContext>['logger']>;
}

/** Apollo Server as this gateway sets it: nothing is on that costs time on every field or depends on NODE_ENV. */
export function createApollo(options: ApolloOptions): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    typeDefs: options.schema.typeDefs,
    resolvers,
    logger: options.logger,
    introspection: !options.production,
    hideSchemaDetailsFromClientErrors: options.production,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Browsers ask before they send an Authorization header to another origin, so it is as good a proof as Apollo's own.
    csrfPrevention: { requestHeaders: ['x-apollo-operation-name', 'apollo-require-preflight', 'authorization'] },
    parseOptions: { maxTokens: documentLimits.tokens },
    ...(!options.automaticPersistedQueries && { persistedQueries: false }),
    formatError,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      options.landingPage ?? ApolloServerPluginLandingPageDisabled(),
      { requestDidStart: async () => operationChecks },
    ],
  });
}

/** What is looked at in each operation, before and after it runs. */
const operationChecks: GraphQLRequestListener<RequestContext> = {
  async didResolveOperation({ operation, schema, request, document, contextValue }) {
    const { record, caller } = contextValue;
    if (operation === undefined) return;
    record.operationName = operation.name?.value;
    record.operationType = operation.operation;
    const variables = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
    const fragments = Object.fromEntries(
      document.definitions.flatMap((each) => (each.kind === 'FragmentDefinition' ? [[each.name.value, each]] : [])),
    );
    const selections: Selections = { fragments, variableValues: variables.coerced ?? {} };
    try {
      if (caller === undefined && !isIntrospection(operation, selections)) authenticationNeeded();
      // Wrong variables are reported by execution itself.
      if (variables.coerced !== undefined && operation.operation === 'query')
        checkOperationIds(operation, schema, selections);
    } catch (failure) {
      throw failure instanceof GatewayError ? asGraphQLError(failure) : failure;
    }
  },

  async didEncounterErrors(requestContext) {
    for (const error of requestContext.errors) note(error, requestContext);
  },
};

function note(error: GraphQLError, { contextValue, schema, request }: GraphQLRequestContext<RequestContext>): void {
  const { record, log } = contextValue;
  const message = variableMessage(error, schema, request.variables ?? {});
  if (message !== undefined) error.message = message;
  const known = gatewayErrorOf(error);
  record.errorCodes.push(codeOf(error));
  if (known?.code === 'INTERNAL_SERVER_ERROR') {
    log.error({ hint: known.details.hint, graph: known.details.graph, err: known.cause }, 'misconfigured, or a bug');
  } else if (known?.details.hint !== undefined)
    log.warn({ code: known.code, hint: known.details.hint }, 'upstream refused');
  else if (known === undefined && isUnforeseen(error))
    log.error({ err: error.originalError ?? error }, 'unforeseen failure');
}

function isIntrospection(operation: OperationDefinitionNode, selections: Selections): boolean {
  return fieldsOf(operation.selectionSet, selections).every((field) => field.name.value.startsWith('__'));
}
