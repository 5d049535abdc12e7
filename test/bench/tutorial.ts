import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { OnBehalfOfCredential } from '@azure/identity';
import { loadSchemaSource } from '../../src/graphql/schema.ts';

/**
 * The way of the tutorials, for comparison: Apollo standalone, a new credential for each request, global fetch, no
 * batching and no check of the caller's token.
 */
const { GRAPH_BASE_URL = '', AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', AZURE_CLIENT_SECRET = '' } = process.env;
const { AZURE_AUTHORITY_HOST = '' } = process.env;
const alias = AZURE_AUTHORITY_HOST.replace('http:', 'https:');

interface Context {
  readonly assertion: string;
}

async function callGraph(method: string, path: string, { assertion }: Context, body?: string): Promise<unknown> {
  const options = {
    tenantId: AZURE_TENANT_ID,
    clientId: AZURE_CLIENT_ID,
    clientSecret: AZURE_CLIENT_SECRET,
    userAssertionToken: assertion,
    authorityHost: alias,
    disableInstanceDiscovery: true,
    // The library speaks https only and the emulator http: the one thing that no tutorial has.
    additionalPolicies: [],
    httpClient: { sendRequest },
  };
  const credential = new OnBehalfOfCredential(options);
  const { token } = await credential.getToken(`${new URL(GRAPH_BASE_URL).origin}/.default`);
  const answer = await fetch(`${GRAPH_BASE_URL}/RemoteHelpSessionRetrieveResponse/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body }),
  });
  const object = (await answer.json()) as { value?: unknown };
  return object.value ?? object;
}

type SendRequest = import('@azure/core-rest-pipeline').HttpClient['sendRequest'];

async function sendRequest(...[request]: Parameters<SendRequest>): ReturnType<SendRequest> {
  const answer = await fetch(request.url.replace(alias, AZURE_AUTHORITY_HOST), {
    method: request.method,
    headers: request.headers.toJSON(),
    ...(typeof request.body === 'string' && { body: request.body }),
  });
  const text = (await answer.text()).replaceAll(AZURE_AUTHORITY_HOST, alias);
  return { request, headers: request.headers, status: answer.status, bodyAsText: text };
}

const flags = (value: unknown) =>
  String(value)
    .split(',')
    .map((name) => name.replace(/[A-Z]/g, '_$&').toUpperCase());
const session = {
  id: () => 'session-1',
  sessionTypes: ({ sessionType }: { sessionType: unknown }) => flags(sessionType),
  sessionType: ({ sessionType }: { sessionType: unknown }) => flags(sessionType).at(-1),
};
const server = new ApolloServer<Context>({
  typeDefs: loadSchemaSource().typeDefs,
  resolvers: {
    Query: {
      remoteHelpSessionResponse: (_root, { id }: { id: string }, context: Context) => callGraph('GET', id, context),
    },
    Mutation: {
      updateRemoteHelpSessionResponse: async (
        _root,
        { id, input }: { id: string; input: object },
        context: Context,
      ) => ({
        remoteHelpSessionResponse: await callGraph('PATCH', id, context, JSON.stringify(input)),
      }),
    },
    RemoteHelpSessionResponse: session,
  },
});
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => ({ assertion: (req.headers.authorization ?? '').replace('Bearer ', '') }),
});
process.stdout.write(`listening at ${url.replace(/\/$/, '')}\n`);
