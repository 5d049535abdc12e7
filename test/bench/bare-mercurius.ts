import Fastify from 'fastify';
import mercurius from 'mercurius';
import { loadSchemaSource } from '../../src/graphql/schema.ts';
import { type BareContext, bareContext, bareResolvers } from './bare-resolvers.ts';

declare module 'mercurius' {
  interface MercuriusContext extends BareContext {}
}

/** Mercurius on Fastify with its compiled execution, and nothing else. */
const app = Fastify();
app.register(mercurius, {
  schema: loadSchemaSource().text,
  resolvers: bareResolvers,
  jit: 1,
  context: ({ headers }) => ({ ...bareContext(headers.authorization) }),
});
process.stdout.write(`listening at ${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
