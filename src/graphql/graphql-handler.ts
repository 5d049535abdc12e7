import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { noteFailure } from '../observability/note-failure.ts';
import { createAnswerTypes } from './answer-types.ts';
import type { GatewayRequest, RequestContext } from './context.ts';
import type { DocumentGate } from './documents/document-gate.ts';
import type { FindText } from './documents/find-text.ts';
import type { KnownOperations } from './documents/known-operations.ts';
import { persistedQueryOf, type RequestParameters, readParameters, searchOf } from './documents/request-parameters.ts';
import { needsToken } from './documents/token-needed.ts';
import { authenticationNeeded } from './execution/authentication-needed.ts';
import { codeOf, gatewayErrorOf } from './format-error.ts';
import type { GraphQLHandler, GraphQLHttpAnswer, GraphQLHttpRequest } from './graphql-http.ts';
import { createKnownWay } from './known-way.ts';

export interface GraphQLHandlerOptions {
  readonly apollo: ApolloServer<RequestContext>;
  readonly createContext: (request: GatewayRequest) => RequestContext;
  readonly documents: DocumentGate;
  readonly findText: FindText;
  readonly known: KnownOperations;
}

/** All that Apollo reads of a request's headers. */
const READ_HEADERS = ['accept', 'content-type', 'x-apollo-operation-name', 'apollo-require-preflight', 'authorization'];

/** Executes what is known, and hands everything else to Apollo. */
export function createGraphQLHandler(options: GraphQLHandlerOptions): GraphQLHandler {
  const { apollo, createContext, documents, findText, known } = options;
  const answerTypes = createAnswerTypes();
  const knownWay = createKnownWay({ known, answerTypes, createContext });

  return (request, gateway) => {
    const parameters = readParameters(request);
    if (!parameters.wellFormed) return askApollo(request, parameters, undefined, gateway);
    let text: string | undefined;
    try {
      text = findText(parameters);
    } catch (refusal) {
      return askApollo(request, parameters, undefined, gateway, refusal);
    }
    const answer = text === undefined ? undefined : knownWay(text, parameters, request, gateway);
    return answer ?? askApollo(request, parameters, text, gateway);
  };

  /** @param refusal thrown where Apollo makes the context: what is thrown there is answered like any other error */
  async function askApollo(
    request: GraphQLHttpRequest,
    parameters: RequestParameters,
    text: string | undefined,
    gateway: GatewayRequest,
    refusal?: unknown,
  ): Promise<GraphQLHttpAnswer> {
    if (gateway.caller === undefined) requireTokenFor(text ?? parameters.query, parameters);
    const response = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method,
        headers: headersOf(request),
        ...inputOf(request, parameters, text),
      },
      context: async () => {
        try {
          if (refusal !== undefined) throw refusal;
          admit(text ?? parameters.query);
        } catch (failure) {
          // Apollo tells its plugins of no error as early as this.
          noteFailure(gateway.record, codeOf(failure), gatewayErrorOf(failure));
          throw failure;
        }
        return createContext(gateway);
      },
    });
    const answer = toAnswer(response);
    answerTypes.learn(request, answer);
    return answer;
  }

  function admit(text: unknown): void {
    if (typeof text === 'string' && known.get(text) === undefined) documents.admit(text);
  }
}

function headersOf(request: GraphQLHttpRequest): HeaderMap {
  const headers = new HeaderMap();
  for (const name of READ_HEADERS) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}

/** The request as it came; but where an id stood for a text, the text, which is all that Apollo then needs. */
function inputOf({ method, url, body }: GraphQLHttpRequest, parameters: RequestParameters, text: string | undefined) {
  if (text === undefined || (text === parameters.query && persistedQueryOf(parameters) === undefined)) {
    return { search: searchOf(url), body };
  }
  if (method === 'POST') {
    const { operationName, variables } = parameters;
    return {
      search: '',
      body: {
        query: text,
        ...(operationName !== undefined && { operationName }),
        ...(variables !== undefined && { variables }),
      },
    };
  }
  const search = new URLSearchParams(searchOf(url));
  search.set('query', text);
  search.delete('extensions');
  search.delete('documentId');
  return { search: `?${search}`, body: undefined };
}

function toAnswer({ status = 200, headers, body }: HTTPGraphQLResponse): GraphQLHttpAnswer {
  if (body.kind !== 'complete') throw new Error('incremental delivery is not offered');
  // What may be cached is the HTTP door's to say.
  headers.delete('cache-control');
  return { status, headers: Object.fromEntries(headers), body: body.string };
}

/**
 * Before Apollo: it refuses a GET that a page of another origin could have sent before it looks at what is asked.
 * @throws GatewayError UNAUTHENTICATED
 */
function requireTokenFor(text: unknown, parameters: RequestParameters): void {
  const needed = persistedQueryOf(parameters) !== undefined || (typeof text === 'string' && needsToken(text));
  if (needed) throw authenticationNeeded();
}
