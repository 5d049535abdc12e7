import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

it.each([
  '{ __schema { queryType { name } } }',
  '{ __type(name: "Query") { name } }',
  '{ a: __schema { description } }',
])('production does not answer %s, and says where the schema is', async (document) => {
  const { query } = await startGateway({ env: { NODE_ENV: 'production' } });
  const { status, body } = await query(document);
  expect(status).toBe(400);
  expect(body.errors).toHaveLength(1);
  expect(body.errors[0].extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
  expect(body.errors[0].message).toContain('/schema.graphql');
  // To configure the server is none of a client's business.
  expect(body.errors[0].message).not.toMatch(/apollo|introspection: true|server/i);
});

it('production answers __typename', async () => {
  const { query } = await startGateway({ env: { NODE_ENV: 'production' } });
  expect((await query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
});
