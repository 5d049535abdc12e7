import { buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph';
import type { GraphQLSchema } from 'graphql';
import { resolvers } from '../resolvers.ts';
import { resolveReferences } from './references.ts';
import type { SubgraphSchema } from './subgraph-schema.ts';

/** The schema with federation's own fields, ready to run. The library is loaded with this file, and only with it. */
export function buildSubgraph({ typeDefs, sdl }: SubgraphSchema): GraphQLSchema {
  const { Query, ...others } = resolvers as GraphQLResolverMap;
  const withFederation = {
    ...others,
    // In the place of the library's own, in which one reference to an unknown type fails all the others.
    Query: { ...Query, _entities: resolveReferences, _service: () => ({ sdl }) },
    // There is no other entity.
    _Entity: { __resolveType: () => 'RemoteHelpSessionResponse' },
  };
  return buildSubgraphSchema([{ typeDefs, resolvers: withFederation as GraphQLResolverMap }]);
}
