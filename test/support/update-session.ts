import type { GraphQLAnswer, QueryOptions, TestGateway } from './gateway.ts';

/** Every field of a session that is an ordinary GraphQL value. */
export const allFields = `id sessionKey acsHelperUserToken acsHelperUserId acsSharerUserId acsGroupId sessionType sessionTypes
  deviceName pubSubGroupId pubSubHelperAccessUri sessionExpirationDateTime webClientUri`;

export interface Update extends Pick<QueryOptions, 'token' | 'headers'> {
  readonly id?: unknown;
  readonly input?: unknown;
  /** What is selected of the session. */
  readonly fields?: string;
}

/** The ordinary update of the first sample session, but for what is given. */
export function updateSession(gateway: Pick<TestGateway, 'query'>, update: Update = {}): Promise<GraphQLAnswer> {
  const { id = 'session-1', input = { deviceName: 'Tablet' }, fields = 'id deviceName', ...options } = update;
  return gateway.query(
    `mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
      updateRemoteHelpSessionResponse(id: $id, input: $input) { remoteHelpSessionResponse { ${fields} } }
    }`,
    { variables: { id, input }, ...options },
  );
}

/** The session in the answer to an update. */
export function updatedSession({ body }: GraphQLAnswer): Record<string, unknown> | undefined {
  return body.data?.updateRemoteHelpSessionResponse?.remoteHelpSessionResponse;
}

/** The PATCH requests that reached Graph. */
export function patches({ emulator }: Pick<TestGateway, 'emulator'>) {
  return emulator.graph.requests.filter(({ method }) => method === 'PATCH');
}
