import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { loadSchemaSource } from '../../src/graphql/schema.ts';
import { type BareContext, bareContext, bareResolvers } from './bare-resolvers.ts';

/** Apollo Server with as little around it as there can be: no HTTP rules, no plugins, `executeOperation`. */
const apollo = new ApolloServer<BareContext>({
  typeDefs: loadSchemaSource().typeDefs,
  resolvers: bareResolvers,
  plugins: [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginLandingPageDisabled(),
  ],
});
await apollo.start();

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const asked = JSON.parse(String(Buffer.concat(chunks)));
    const contextValue = bareContext(request.headers.authorization);
    const { body } = await apollo.executeOperation(asked, { contextValue });
    const text = JSON.stringify(body.kind === 'single' ? body.singleResult : {});
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    response.writeHead(200, headers).end(text);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`listening at http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`);
});
