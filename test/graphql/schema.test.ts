import {
  buildASTSchema,
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { expect, it } from 'vitest';
import { loadSchemaSource } from '../../src/graphql/schema.ts';
import { startGateway } from '../support/gateway.ts';

const everything = getIntrospectionQuery({
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
});

it('introspection answers schema.graphql, description for description', async () => {
  const { query } = await startGateway();
  const { body } = await query(everything);
  expect(body.errors).toBeUndefined();
  const answered = lexicographicSortSchema(buildClientSchema(body.data as IntrospectionQuery));
  const written = lexicographicSortSchema(buildASTSchema(loadSchemaSource().typeDefs));
  expect(printSchema(answered)).toBe(printSchema(written));
});

it('introspection tells what a DateTimeOffset is, and where it is specified', async () => {
  const { query } = await startGateway();
  const { body } = await query('{ __type(name: "DateTimeOffset") { kind description specifiedByURL } }');
  expect(body.data.__type).toEqual({
    kind: 'SCALAR',
    description: expect.stringContaining('RFC 3339'),
    specifiedByURL: expect.stringMatching(/^https:\/\//),
  });
});

it('every root field is nullable, so that one that fails takes no sibling with it', () => {
  const schema = buildASTSchema(loadSchemaSource().typeDefs);
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}),
  );
  expect(fields.length).toBeGreaterThanOrEqual(4);
  for (const { name, type } of fields) expect(`${name}: ${type}`).not.toMatch(/!$/);
});

it('a date that is written wrong in a document is shown with its place', async () => {
  const { query, emulator } = await startGateway();
  const { status, body } = await query(`mutation {
  updateRemoteHelpSessionResponse(id: "session-1", input: { sessionExpirationDateTime: "tomorrow" }) { __typename }
}`);
  expect(status).toBe(400);
  expect(body.errors).toEqual([
    {
      message: expect.stringMatching(/^DateTimeOffset must be an RFC 3339 date-time/),
      locations: [{ line: 2, column: 88 }],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    },
  ]);
  expect(emulator.graph.requests).toEqual([]);
});
