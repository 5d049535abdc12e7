import { loadSchemaSource } from '../schema.ts';
import { subgraphSchema } from './subgraph-schema.ts';

/** `npm run --silent subgraph-schema`: the subgraph's SDL, for composition. Nothing is started. */
process.stdout.write(subgraphSchema(loadSchemaSource().typeDefs).sdl);
