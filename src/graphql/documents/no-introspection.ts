import { GraphQLError, type ValidationRule } from 'graphql';

/** In production the schema is told by `/schema.graphql`, to callers with a token. */
export const noIntrospection: ValidationRule = (context) => ({
  Field(node) {
    const name = node.name.value;
    if (name !== '__schema' && name !== '__type') return;
    const message = `"${name}" is not answered here. The schema is served at /schema.graphql.`;
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
