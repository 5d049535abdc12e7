import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { loadSchemaSource } from '../../src/graphql/schema.ts';
import { bareExchange } from './bare-exchange.ts';
import { type BareContext, bareResolvers } from './bare-resolvers.ts';

/**
 * The way of the tutorials, for comparison: Apollo standalone, a new credential for each request, global fetch, no
 * batching and no check of the caller's token.
 */
async function callGraph(method: string, id: string, authorization: string, body?: string) {
  const token = await bareExchange(authorization);
  const answer = await fetch(`${process.env.GRAPH_BASE_URL}/RemoteHelpSessionRetrieveResponse/${id}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body }),
  });
  const object = (await answer.json()) as { value?: object };
  return { id, ...(object.value ?? object) };
}

const server = new ApolloServer<BareContext>({ typeDefs: loadSchemaSource().typeDefs, resolvers: bareResolvers });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({
    req: {
      headers: { authorization = '' },
    },
  }) => ({
    read: (id) => callGraph('GET', id, authorization),
    update: (id, input) => callGraph('PATCH', id, authorization, JSON.stringify(input)),
  }),
});
process.stdout.write(`listening at ${url.replace(/\/$/, '')}\n`);
