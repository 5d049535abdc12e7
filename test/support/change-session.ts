import type { GraphQLAnswer, QueryOptions, TestGateway } from './gateway.ts';

type Gateway = Pick<TestGateway, 'query'>;
type Options = Pick<QueryOptions, 'token' | 'headers'>;

export interface Creation extends Options {
  readonly input?: unknown;
  /** What is selected of the session. */
  readonly fields?: string;
}

/** The ordinary create, but for what is given. */
export function createSession(gateway: Gateway, creation: Creation = {}): Promise<GraphQLAnswer> {
  const { input = { sessionKey: 'new', deviceName: 'Tablet' }, fields = 'id deviceName', ...options } = creation;
  return gateway.query(
    `mutation ($input: CreateRemoteHelpSessionResponseInput!) {
      createRemoteHelpSessionResponse(input: $input) { remoteHelpSessionResponse { ${fields} } }
    }`,
    { variables: { input }, ...options },
  );
}

/** The session in the answer to a create. */
export function createdSession({ body }: GraphQLAnswer): Record<string, unknown> | undefined {
  return body.data?.createRemoteHelpSessionResponse?.remoteHelpSessionResponse;
}

/** The ordinary delete of the first sample session, but for what is given. */
export function deleteSession(
  gateway: Gateway,
  { id = 'session-1', ...options }: Options & { readonly id?: unknown } = {},
): Promise<GraphQLAnswer> {
  return gateway.query('mutation ($id: ID!) { deleteRemoteHelpSessionResponse(id: $id) { deletedId } }', {
    variables: { id },
    ...options,
  });
}
