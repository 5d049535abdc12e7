import { buildASTSchema, type DocumentNode, type GraphQLSchema, isObjectType, isScalarType } from 'graphql';
import type { RequestContext } from '../../src/graphql/context.ts';
import { type CompiledExecutor, createCompiledExecutor } from '../../src/graphql/execution/compiled-executor.ts';
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

/** Uses a document until its code is there; what is given back executes it, or gives undefined if it was not compiled. */
export async function compiledExecution(schema: GraphQLSchema, document: DocumentNode) {
  const executeCompiled = createCompiledExecutor(schema);
  const execution = (context: RequestContext, variables?: Parameters<CompiledExecutor>[2]) =>
    executeCompiled(document, context, variables);
  for (let use = 1; use <= 8; use += 1) {
    if (execution({} as RequestContext) !== undefined) throw new Error('compiled too early');
  }
  // The compiler is loaded on first need.
  await import('graphql-jit');
  await new Promise((resolve) => setImmediate(resolve));
  return execution;
}
