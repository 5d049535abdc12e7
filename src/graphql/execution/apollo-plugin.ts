import { type ApolloServerPlugin, type GraphQLRequestListener, HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import Negotiator from 'negotiator';
import type { RequestContext } from '../context.ts';
import type { KnownOperations } from '../documents/known-operations.ts';
import { noteErrors } from '../note-error.ts';
import { checkOperation, type Variables } from './check-operation.ts';
import { executeOperation } from './execute-operation.ts';
import { type PreparedOperation, prepareOperation } from './prepare-operation.ts';

/**
 * What happens to an operation on Apollo's way: it is made known, so that the next request with its text need not come
 * this way, checked, and executed as everything is.
 */
export function createApolloPlugin(known: KnownOperations): ApolloServerPlugin<RequestContext> {
  let schema: GraphQLSchema;
  return {
    async serverWillStart(service) {
      schema = service.schema;
    },
    requestDidStart: async () => createListener(schema, known),
  };
}

function createListener(schema: GraphQLSchema, known: KnownOperations): GraphQLRequestListener<RequestContext> {
  let prepared: PreparedOperation | undefined;
  let coerced: Variables | undefined;
  return {
    async didResolveOperation({ operation, document, source, request, contextValue }) {
      if (operation === undefined) return;
      prepared = known.get(source) ?? prepareOperation(schema, document, operation);
      const { record, caller } = contextValue;
      record.operationName = prepared.name;
      record.operationType = operation.operation;
      if (caller !== undefined) known.remember(source, prepared);
      coerced = checkOperation(prepared, request.variables, caller);
      if (!isAcceptable(request.http?.headers.get('accept'))) throw notAcceptable();
    },

    async responseForOperation({ request, contextValue }) {
      // Apollo finds wrong variables itself, and says so in its own way; nothing has run.
      if (prepared === undefined || coerced === undefined) return null;
      const variables = { given: request.variables, coerced };
      const { data, errors, status, headers } = await executeOperation(prepared, variables, contextValue);
      const singleResult = { ...(errors !== undefined && { errors }), ...(data !== undefined && { data }) };
      const http = { ...(status !== undefined && { status }), headers: new HeaderMap(headers) };
      return { body: { kind: 'single', singleResult }, http };
    },

    async didEncounterErrors({ errors, contextValue }) {
      noteErrors(errors, contextValue);
    },
  };
}

/** What an answer may be, in Apollo's words. */
const ANSWER_TYPES = ['application/json; charset=utf-8', 'application/graphql-response+json; charset=utf-8'];

/**
 * Whether Apollo will find a type for the answer. It looks only after the operation has run: an update would be done, and
 * its answer an error. So the same library is asked the same question before.
 */
function isAcceptable(accept: string | undefined): boolean {
  return !accept || new Negotiator({ headers: { accept } }).mediaType(ANSWER_TYPES) !== undefined;
}

function notAcceptable(): GraphQLError {
  return new GraphQLError('An answer is application/json or application/graphql-response+json; neither is accepted.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 406 } },
  });
}
