import { buildASTSchema, type GraphQLSchema, isObjectType, isScalarType } from 'graphql';
import { resolvers } from '../../src/graphql/resolvers.ts';
import { loadSchemaSource } from '../../src/graphql/schema.ts';

/** The gateway's schema with its resolvers, without Apollo. */
export function executableSchema(): GraphQLSchema {
  const made = buildASTSchema(loadSchemaSource().typeDefs);
  for (const [typeName, resolver] of Object.entries(resolvers)) {
    const type = made.getType(typeName);
    if (isScalarType(type)) {
      const { serialize, parseValue, parseLiteral } = resolver as typeof type;
      Object.assign(type, { serialize, parseValue, parseLiteral });
    } else if (isObjectType(type)) {
      for (const [name, resolve] of Object.entries(resolver)) Object.assign(type.getFields()[name] ?? {}, { resolve });
    }
  }
  return made;
}
