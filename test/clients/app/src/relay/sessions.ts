// #region operations
import { graphql } from 'relay-runtime';

export const sessionsQuery = graphql`
  query sessionsQuery($first: Int!, $after: String) {
    remoteHelpSessionResponses(first: $first, after: $after) @connection(key: "sessions_remoteHelpSessionResponses") {
      edges {
        node {
          id
          deviceName
          sessionExpirationDateTime
        }
      }
    }
  }
`;

export const updateMutation = graphql`
  mutation sessionsUpdateMutation($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
    updateRemoteHelpSessionResponse(id: $id, input: $input) {
      remoteHelpSessionResponse {
        id
        deviceName
        sessionExpirationDateTime
      }
    }
  }
`;

export const deleteMutation = graphql`
  mutation sessionsDeleteMutation($id: ID!) {
    deleteRemoteHelpSessionResponse(id: $id) {
      deletedId @deleteRecord
    }
  }
`;
// #endregion
