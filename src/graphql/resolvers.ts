import type { GraphQLScalarType } from 'graphql';
import { GatewayError } from '../errors.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { audit } from './audit.ts';
import { DateTimeOffsetScalar } from './date-time-offset-scalar.ts';
import { propertiesSelected } from './execution/selected-properties.ts';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 100;

export const resolvers: Resolvers = {
  DateTimeOffset: DateTimeOffsetScalar as GraphQLScalarType,
  Query: {
    remoteHelpSessionResponse: (_root, { id }, { sessions }, info) =>
      sessions.load(id, propertiesSelected(info, 'single', [])),
    remoteHelpSessionResponsesById: (_root, { ids }, { sessions }, info) => {
      const properties = propertiesSelected(info, 'single', []);
      return Promise.all(ids.map((id) => sessions.load(id, properties).catch(asItem)));
    },
    remoteHelpSessionResponses: async (_root, { first, after }, { readPage, graph }, info) => {
      const properties = propertiesSelected(info, 'list', ['nodes'], ['edges', 'node']);
      const page = await readPage({ first: pageSize(first), after: after ?? undefined, properties }, graph);
      return {
        edges: page.entries,
        nodes: page.entries.map(({ node }) => node),
        pageInfo: {
          hasNextPage: page.hasNextPage,
          hasPreviousPage: page.hasPreviousPage,
          startCursor: page.entries[0]?.cursor ?? null,
          endCursor: page.endCursor,
        },
      };
    },
  },
  Mutation: {
    updateRemoteHelpSessionResponse: (_root, { id, input }, context, info) =>
      audit({ id, fields: Object.keys(input), context }, async () => {
        const properties = propertiesSelected(info, 'single', ['remoteHelpSessionResponse']);
        const session = await context.update({ id, input, properties }, context.graph);
        context.sessions.refresh(id, session, properties);
        return { remoteHelpSessionResponse: session };
      }),
  },
};

/** An error in its place in a list: for a promise that fails late, graphql-jit would put the null at the list's end. */
function asItem(failure: unknown): never {
  return failure as never;
}

function pageSize(first: number | null | undefined): number {
  if (first === null || first === undefined) return DEFAULT_PAGE;
  if (first < 1 || first > MAX_PAGE) throw new GatewayError('BAD_USER_INPUT', `"first" must be from 1 to ${MAX_PAGE}.`);
  return first;
}
