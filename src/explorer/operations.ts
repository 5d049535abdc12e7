/** An operation that the explorer opens with. */
export interface ReadyOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const readOperation = `query Sessions {
  remoteHelpSessionResponses(first: 5) {
    nodes {
      id
      deviceName
      sessionType
      sessionExpirationDateTime
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

/** Also what the curl line of `npm start` sends. */
export const updateOperation = `mutation UpdateSession($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
  updateRemoteHelpSessionResponse(id: $id, input: $input) {
    remoteHelpSessionResponse {
      id
      deviceName
      sessionType
      sessionExpirationDateTime
    }
  }
}
`;

export const updateInput = { deviceName: 'Pixel 9 of Ada', sessionType: 'TAKE_FULL_CONTROL' } as const;

/**
 * A read that needs no id, first, because on a real tenant the first thing that is tried must not write; then the update.
 * @param sessionId a session that exists, where one is known
 */
export function readyOperations(sessionId = 'your-session-id'): readonly ReadyOperation[] {
  return [
    { query: readOperation, variables: {} },
    { query: updateOperation, variables: { id: sessionId, input: updateInput } },
  ];
}
