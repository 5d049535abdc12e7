import type { CodegenConfig } from '@graphql-codegen/cli';

/** schema.graphql -> src/generated/graphql.ts, in a form that survives Node's type stripping. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'src/generated/graphql.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        strictScalars: true,
        scalars: { ID: 'string', DateTimeOffset: 'string' },
        inputMaybeValue: 'T | null | undefined',
        contextType: '../graphql/context.ts#RequestContext',
        emitLegacyCommonJSImports: false,
        importExtension: '.ts',
        mappers: { RemoteHelpSessionResponse: '../msgraph/sessions/remote-help-session.ts#SessionResult' },
        makeResolverTypeCallable: true,
        avoidOptionals: { field: true, inputValue: false, object: false, defaultValue: false },
      },
    },
  },
};

export default config;
