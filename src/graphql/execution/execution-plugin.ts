import {
  type ApolloServerPlugin,
  type GraphQLRequestContext,
  type GraphQLRequestListener,
  type GraphQLResponse,
  HeaderMap,
  type HTTPGraphQLHead,
} from '@apollo/server';
import type { ExecutionResult, GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { execute, getVariableValues } from 'graphql';
import { GatewayError } from '../../errors.ts';
import type { RequestContext } from '../context.ts';
import { authenticationNeeded } from '../create-context.ts';
import { checkOperationIds, namesManyIds } from '../documents/operation-ids.ts';
import { checkVariables } from '../documents/variable-limits.ts';
import { variableMessage } from '../error-messages.ts';
import { asGraphQLError, formatError, gatewayErrorOf, isUnforeseen } from '../format-error.ts';
import { noteError } from '../note-error.ts';
import { createCompiledExecutor } from './compiled-executor.ts';
import { fieldsOf, type Selections } from './selected-fields.ts';

type Request = GraphQLRequestContext<RequestContext>;

/** Of an operation, in logs and traces: the client chooses it. */
const MAX_NAME_LENGTH = 128;

/** What Apollo does with each operation here: checks before it runs, its execution, and a note of each error. */
export function createExecutionPlugin(): ApolloServerPlugin<RequestContext> {
  let listener: GraphQLRequestListener<RequestContext> = {};
  return {
    async serverWillStart({ schema }) {
      listener = createListener(schema);
    },
    requestDidStart: async () => listener,
  };
}

/** One for all requests: what it needs to know of each comes with the call. */
function createListener(schema: GraphQLSchema): GraphQLRequestListener<RequestContext> {
  const executeCompiled = createCompiledExecutor(schema);
  return {
    async didResolveOperation({ operation, document, request, contextValue }) {
      if (operation === undefined) return;
      const { record, caller } = contextValue;
      record.operationName = operation.name?.value.slice(0, MAX_NAME_LENGTH);
      record.operationType = operation.operation;
      checkVariables(request.variables);
      if (caller !== undefined && !namesManyIds(document)) return;
      // What is wrong with them is said by execution; there may be as many errors as a body has room for.
      const variables = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {}, {
        maxErrors: 1,
      });
      const fragments = Object.fromEntries(
        document.definitions.flatMap((each) => (each.kind === 'FragmentDefinition' ? [[each.name.value, each]] : [])),
      );
      check(operation, schema, { fragments, variableValues: variables.coerced ?? {} }, contextValue);
    },

    async responseForOperation(requestContext) {
      const { operation, document, request, contextValue } = requestContext;
      if (operation === undefined) return null;
      const { operationName, variables: variableValues } = request;
      const result = await (executeCompiled(document, contextValue, variableValues) ??
        execute({ schema, document, contextValue, operationName, variableValues }));
      await contextValue.audit.flush();
      // Nothing has run where variables are wrong; Apollo finds so itself and says it in its own way.
      return 'data' in result ? answerWith(result, requestContext) : null;
    },

    async didEncounterErrors(requestContext) {
      for (const error of requestContext.errors) note(error, requestContext);
    },
  };
}

/** @throws GraphQLError UNAUTHENTICATED without a caller (introspection needs none), BAD_USER_INPUT for too many ids */
function check(
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
  selections: Selections,
  { caller }: RequestContext,
): void {
  try {
    if (caller === undefined && !isIntrospection(operation, selections)) authenticationNeeded();
    if (operation.operation === 'query') checkOperationIds(operation, schema, selections);
  } catch (failure) {
    throw failure instanceof GatewayError ? asGraphQLError(failure) : failure;
  }
}

/** What Apollo itself makes of a result of graphql-js: formatted errors, and the HTTP status and headers they ask for. */
function answerWith({ data, errors }: ExecutionResult, requestContext: Request): GraphQLResponse {
  const http: HTTPGraphQLHead = { headers: new HeaderMap() };
  if (errors === undefined) return { body: { kind: 'single', singleResult: { data: data ?? null } }, http };
  const formatted = errors.map((error) => {
    note(error, requestContext);
    const known = gatewayErrorOf(error);
    if (known?.httpStatus !== undefined) http.status = known.httpStatus;
    for (const [name, value] of known?.httpHeaders ?? []) http.headers.set(name, value);
    return formatError(error.toJSON(), error);
  });
  return {
    body: { kind: 'single', singleResult: { data: data ?? null, errors: formatted } },
    http,
  };
}

function note(error: GraphQLError, { contextValue }: Request): void {
  const { record } = contextValue;
  const message = variableMessage(error);
  if (message !== undefined) error.message = message;
  const known = gatewayErrorOf(error);
  const refused = known === undefined && !isUnforeseen(error);
  // An argument that is refused while the operation runs: this update was not sent, whatever became of those before it.
  if (refused && record.operationType === 'mutation' && error.path !== undefined) {
    error.extensions.outcome = 'NOT_APPLIED';
  }
  noteError(error, contextValue);
}

function isIntrospection(operation: OperationDefinitionNode, selections: Selections): boolean {
  return fieldsOf(operation.selectionSet, selections).every((field) => field.name.value.startsWith('__'));
}
