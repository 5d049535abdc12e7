// #region operations
import { graphql } from './gql/gql.ts';

export const sessionCard = graphql(`
  fragment SessionCard on RemoteHelpSessionResponse {
    id
    deviceName
    sessionType
    sessionExpirationDateTime
  }
`);

export const sessionsQuery = graphql(`
  query Sessions($first: Int!, $after: String) {
    remoteHelpSessionResponses(first: $first, after: $after) {
      edges {
        node {
          ...SessionCard
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const sessionQuery = graphql(`
  query Session($id: ID!) {
    remoteHelpSessionResponse(id: $id) {
      ...SessionCard
    }
  }
`);

export const updateSession = graphql(`
  mutation UpdateSession($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
    updateRemoteHelpSessionResponse(id: $id, input: $input) {
      remoteHelpSessionResponse {
        ...SessionCard
      }
    }
  }
`);

export const createSession = graphql(`
  mutation CreateSession($input: CreateRemoteHelpSessionResponseInput!) {
    createRemoteHelpSessionResponse(input: $input) {
      remoteHelpSessionResponse {
        ...SessionCard
      }
    }
  }
`);

export const deleteSession = graphql(`
  mutation DeleteSession($id: ID!) {
    deleteRemoteHelpSessionResponse(id: $id) {
      deletedId
    }
  }
`);
// #endregion

/** Two root fields: one may fail while the other is answered. */
export const twoSessions = graphql(`
  query TwoSessions($one: ID!, $two: ID!) {
    one: remoteHelpSessionResponse(id: $one) {
      ...SessionCard
    }
    two: remoteHelpSessionResponse(id: $two) {
      ...SessionCard
    }
  }
`);
