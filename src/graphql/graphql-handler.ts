import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { GatewayError } from '../errors.ts';
import type { GatewayRequest, RequestContext } from './context.ts';
import { authenticationNeeded } from './create-context.ts';
import type { DocumentGate } from './documents/document-gate.ts';
import type { TrustedDocuments } from './documents/trusted-documents.ts';
import { asGraphQLError, codeOf } from './format-error.ts';
import type { GraphQLHandler, GraphQLHttpAnswer } from './graphql-http.ts';

export interface GraphQLHandlerOptions {
  readonly apollo: ApolloServer<RequestContext>;
  readonly createContext: (request: GatewayRequest) => RequestContext;
  readonly documents: DocumentGate;
  readonly trusted: TrustedDocuments | undefined;
}

/** All that Apollo reads of a request's headers. */
const READ_HEADERS = ['accept', 'content-type', 'x-apollo-operation-name', 'apollo-require-preflight', 'authorization'];
/** What is left of them for a POST with a token: Fastify has seen to the media type, and a token is proof enough. */
const READ_HEADERS_OF_POST = ['accept', 'authorization'];
/** Accept values that ask for nothing but Apollo's default; it would parse them all the same. */
const ANYTHING = new Set(['*/*', 'application/json', 'application/json, */*']);

/** Parameters of a GraphQL request, from the body or the query string, as far as they are well formed. */
type Parameters = Record<string, unknown>;

/** Hands a request to Apollo, and Apollo's answer back. */
export function createGraphQLHandler(options: GraphQLHandlerOptions): GraphQLHandler {
  const { apollo, createContext, documents, trusted } = options;

  return async (request, gateway) => {
    const headers = new HeaderMap();
    const { method } = request;
    const proven = method === 'POST' && request.headers.authorization !== undefined;
    for (const name of proven ? READ_HEADERS_OF_POST : READ_HEADERS) {
      const value = request.headers[name];
      if (typeof value === 'string' && !(name === 'accept' && ANYTHING.has(value))) headers.set(name, value);
    }
    const body = method === 'POST' ? resolveTrusted(request.body) : undefined;
    const search = resolveTrustedSearch(request.url);
    const response = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers, search, body },
      context: async () => {
        try {
          admit(method === 'POST' ? body : Object.fromEntries(new URLSearchParams(search)), gateway);
        } catch (failure) {
          // Apollo tells its plugins of no error as early as this.
          gateway.record.errorCodes.push(codeOf(failure));
          throw failure;
        }
        return createContext(gateway);
      },
    });
    return toAnswer(response);
  };

  /** Runs as part of making the context: an error that is thrown here is answered like any other. */
  function admit(parameters: unknown, gateway: GatewayRequest): void {
    const { query, extensions } = (parameters ?? {}) as Parameters;
    try {
      const given = typeof extensions === 'string' ? jsonObject(extensions) : extensions;
      if (hasPersisted(given) && gateway.caller === undefined) authenticationNeeded();
    } catch (failure) {
      throw failure instanceof GatewayError ? asGraphQLError(failure) : failure;
    }
    if (typeof query === 'string') documents.admit(query);
  }

  /**
   * Where only trusted documents run, an id stands for its text: `documentId`, or the hash of a persisted query. With a
   * text the hash is of no use, and Apollo would refuse it.
   */
  function resolveTrusted(body: unknown): unknown {
    if (trusted === undefined || typeof body !== 'object' || body === null) return body;
    const { documentId, extensions, query: text, ...rest } = body as Parameters;
    const id =
      documentId ??
      (extensions as { persistedQuery?: { sha256Hash?: unknown } } | undefined)?.persistedQuery?.sha256Hash;
    const query = text ?? (typeof id === 'string' ? trusted.textOf(id) : undefined);
    return query === undefined ? body : { ...rest, query };
  }

  function resolveTrustedSearch(url: string): string {
    const start = url.indexOf('?');
    const search = start === -1 ? '' : url.slice(start);
    if (trusted === undefined || search === '') return search;
    const parameters = new URLSearchParams(search);
    const extensions = jsonObject(parameters.get('extensions'));
    const resolved = resolveTrusted({
      ...(parameters.has('documentId') && { documentId: parameters.get('documentId') }),
      ...(parameters.has('query') && { query: parameters.get('query') }),
      ...(extensions !== undefined && { extensions }),
    }) as Parameters;
    if (typeof resolved.query !== 'string') return search;
    parameters.set('query', resolved.query);
    parameters.delete('extensions');
    parameters.delete('documentId');
    return `?${parameters}`;
  }
}

function toAnswer({ status = 200, headers, body }: HTTPGraphQLResponse): GraphQLHttpAnswer {
  if (body.kind !== 'complete') throw new Error('incremental delivery is not offered');
  return { status, headers: Object.fromEntries(headers), body: body.string };
}

function hasPersisted(extensions: unknown): boolean {
  return typeof extensions === 'object' && extensions !== null && 'persistedQuery' in extensions;
}

function jsonObject(text: string | null): Parameters | undefined {
  try {
    return text === null ? undefined : (JSON.parse(text) as Parameters);
  } catch {
    return undefined;
  }
}
