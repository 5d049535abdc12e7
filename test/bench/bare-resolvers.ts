import DataLoader from 'dataloader';
import { BATCH_LIMIT, batchOf, callGraph, collection, graphToken } from './bare-graph.ts';

type Session = Record<string, unknown>;

/** What a resolver of a bare peer has: reads of one request go out together. */
export interface BareContext {
  read(id: string): Promise<Session>;
  update(id: string, input: object): Promise<Session>;
}

export function bareContext(authorization: string | undefined): BareContext {
  const loader = new DataLoader<string, Session>(
    async (ids) => {
      const token = await graphToken(authorization);
      const [id] = ids;
      if (ids.length === 1) return [{ id, ...sessionIn(await callGraph('GET', `${collection}/${id}`, token)) }];
      return batchItems(ids, await callGraph('POST', '/$batch', token, batchOf(ids)));
    },
    { maxBatchSize: BATCH_LIMIT },
  );
  return {
    read: (id) => loader.load(id),
    async update(id, input) {
      const token = await graphToken(authorization);
      return { id, ...sessionIn(await callGraph('PATCH', `${collection}/${id}`, token, JSON.stringify(input))) };
    },
  };
}

export const bareResolvers = {
  Query: {
    remoteHelpSessionResponse: (_root: unknown, { id }: { id: string }, context: BareContext) => context.read(id),
  },
  Mutation: {
    updateRemoteHelpSessionResponse: async (
      _root: unknown,
      { id, input }: { id: string; input: { sessionType: string } },
      context: BareContext,
    ) => {
      const sessionType = input.sessionType
        .toLowerCase()
        .replace(/_(.)/g, (_all, first: string) => first.toUpperCase());
      return { remoteHelpSessionResponse: await context.update(id, { ...input, sessionType }) };
    },
  },
  RemoteHelpSessionResponse: {
    sessionType: ({ sessionType }: Session) => String(sessionType).replace(/[A-Z]/g, '_$&').toUpperCase(),
  },
};

function sessionIn(text: string): Session {
  const object = JSON.parse(text) as { value?: Session };
  return object.value ?? object;
}

function batchItems(ids: readonly string[], text: string): Session[] {
  const { responses } = JSON.parse(text) as { responses: { id: string; body: { value?: Session } & Session }[] };
  const items: Session[] = [];
  for (const { id, body } of responses) items[Number(id)] = { id: ids[Number(id)], ...(body.value ?? body) };
  return items;
}
