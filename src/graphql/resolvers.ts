import type { GraphQLResolveInfo } from 'graphql';
import { GatewayError } from '../errors.ts';
import type { Resolvers } from '../generated/graphql.ts';
import type { GraphProperty } from '../msgraph/remote-help-session.ts';
import { selectedProperties } from '../msgraph/remote-help-session.ts';
import { audit } from './audit.ts';
import { DateTimeOffsetScalar } from './date-time-offset-scalar.ts';
import { selectedFields } from './selected-fields.ts';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 100;

export const resolvers: Resolvers = {
  DateTimeOffset: DateTimeOffsetScalar,
  Query: {
    remoteHelpSessionResponse: (_root, { id }, { sessions }, info) => sessions.load(id, propertiesAt(info, [])),
    remoteHelpSessionResponsesById: (_root, { ids }, { sessions }, info) => {
      const properties = propertiesAt(info, []);
      return ids.map((id) => sessions.load(id, properties));
    },
    remoteHelpSessionResponses: async (_root, { first, after }, { readPage, graph }, info) => {
      const fields = selectedFields(info.fieldNodes, ['nodes'], info).union(
        selectedFields(info.fieldNodes, ['edges', 'node'], info),
      );
      const properties = selectedProperties(fields, 'list');
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
        const properties = propertiesAt(info, ['remoteHelpSessionResponse']);
        const session = await context.update({ id, input, properties }, context.graph);
        context.sessions.refresh(id, session, properties);
        return { remoteHelpSessionResponse: session };
      }),
  },
};

function propertiesAt(info: GraphQLResolveInfo, path: readonly string[]): GraphProperty[] {
  return selectedProperties(selectedFields(info.fieldNodes, path, info), 'single');
}

function pageSize(first: number | null | undefined): number {
  if (first === null || first === undefined) return DEFAULT_PAGE;
  if (first < 1 || first > MAX_PAGE) throw new GatewayError('BAD_USER_INPUT', `"first" must be from 1 to ${MAX_PAGE}.`);
  return first;
}
