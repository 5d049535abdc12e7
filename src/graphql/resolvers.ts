import type { GraphQLScalarType } from 'graphql';
import { GatewayError } from '../errors.ts';
import type { Resolvers } from '../generated/graphql.ts';
import type { RemoteHelpSession } from '../msgraph/sessions/remote-help-session.ts';
import type { SessionPage } from '../msgraph/sessions/session-page.ts';
import { DateTimeOffsetScalar } from './date-time-offset-scalar.ts';
import { propertiesSelected, sensitiveSelected } from './execution/selected-properties.ts';

/** Sessions of a list without `first`. */
export const DEFAULT_PAGE = 20;
export const MAX_PAGE = 100;
/** Where the session is below a mutation that answers one. */
const IN_PAYLOAD = ['remoteHelpSessionResponse'];

export const resolvers: Resolvers = {
  DateTimeOffset: DateTimeOffsetScalar as GraphQLScalarType,
  Query: {
    remoteHelpSessionResponse: (_root, { id }, { sessions, audit, sensitiveFields }, info) => {
      const read = { action: info.fieldName, id, fields: sensitiveSelected(info, sensitiveFields, []), several: false };
      return audit.read(read, sessions.load(id, propertiesSelected(info, 'single', [])));
    },
    remoteHelpSessionResponsesById: (_root, { ids }, { sessions, audit, sensitiveFields }, info) => {
      const properties = propertiesSelected(info, 'single', []);
      const read = { action: info.fieldName, fields: sensitiveSelected(info, sensitiveFields, []), several: true };
      return Promise.all(ids.map((id) => audit.read({ ...read, id }, sessions.load(id, properties)).catch(asItem)));
    },
    remoteHelpSessionResponses: async (_root, { first, after }, context, info) => {
      const { readPage, graph, audit, sensitiveFields } = context;
      const paths = [['nodes'], ['edges', 'node']];
      const properties = propertiesSelected(info, 'list', ...paths);
      const fields = sensitiveSelected(info, sensitiveFields, ...paths);
      const read = { action: info.fieldName, id: idsOf, fields, several: true };
      const request = async () => readPage({ first: pageSize(first), after: after ?? undefined, properties }, graph);
      const page = await audit.read(read, request());
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
    updateRemoteHelpSessionResponse: (_root, { id, input }, { audit, writes, graph, sensitiveFields }, info) => {
      const told = { fields: Object.keys(input), read: sensitiveSelected(info, sensitiveFields, IN_PAYLOAD) };
      return audit.change({ act: 'update', action: info.fieldName, id, ...told }, async () => {
        const properties = propertiesSelected(info, 'single', IN_PAYLOAD);
        return { remoteHelpSessionResponse: await writes.update({ id, input, properties }, graph) };
      });
    },
    createRemoteHelpSessionResponse: (_root, { input }, { audit, writes, graph, sensitiveFields }, info) => {
      const id = (done?: { readonly remoteHelpSessionResponse: RemoteHelpSession }) =>
        done === undefined ? input.sessionKey || undefined : String(done.remoteHelpSessionResponse.id);
      const told = { fields: Object.keys(input), read: sensitiveSelected(info, sensitiveFields, IN_PAYLOAD) };
      return audit.change({ act: 'create', action: info.fieldName, id, ...told }, async () => {
        const properties = propertiesSelected(info, 'single', IN_PAYLOAD);
        return { remoteHelpSessionResponse: await writes.create({ input, properties }, graph) };
      });
    },
    deleteRemoteHelpSessionResponse: (_root, { id }, { audit, writes, graph }, info) =>
      audit.change({ act: 'delete', action: info.fieldName, id, fields: [], read: [] }, async () => ({
        deletedId: await writes.delete({ id }, graph),
      })),
  },
};

/** An error in its place in the list: the others keep theirs. */
function asItem(failure: unknown): never {
  return failure as never;
}

/**
 * The sessions that a page answers; an entry that makes no sense is none. What names one is a secret, and Graph is asked
 * for no secret that nobody selected: without it the audit line counts.
 */
function idsOf({ entries }: SessionPage): (string | undefined)[] {
  return entries.flatMap(({ node }) =>
    node !== null && 'id' in node ? [typeof node.id === 'string' ? node.id : undefined] : [],
  );
}

function pageSize(first: number | null | undefined): number {
  if (first === null || first === undefined) return DEFAULT_PAGE;
  if (first < 1 || first > MAX_PAGE) throw new GatewayError('BAD_USER_INPUT', `"first" must be from 1 to ${MAX_PAGE}.`);
  return first;
}
