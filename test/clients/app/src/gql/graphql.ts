/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/**
 * The properties of a new session. One that is left out is left to Microsoft Graph; an explicit null is sent as null. At
 * least one must be given. Give a `sessionKey`: with it, whether a create whose answer was lost has happened can be looked up.
 */
export type CreateRemoteHelpSessionResponseInput = {
  /** The id of the session's group in Azure Communication Services. */
  acsGroupId?: string | null | undefined;
  /** The helper's user id in Azure Communication Services. */
  acsHelperUserId?: string | null | undefined;
  /** The helper's access token for Azure Communication Services (ACS). A bearer secret. */
  acsHelperUserToken?: string | null | undefined;
  /** The user id, in Azure Communication Services, of the person who shares the device. */
  acsSharerUserId?: string | null | undefined;
  /** The name of the shared device. */
  deviceName?: string | null | undefined;
  /** The id of the session's group in Azure Web PubSub. */
  pubSubGroupId?: string | null | undefined;
  /** The address with which the helper joins Azure Web PubSub. A bearer secret. */
  pubSubHelperAccessUri?: string | null | undefined;
  /** When the session expires. Sent to Microsoft Graph exactly as it is written here. */
  sessionExpirationDateTime?: string | null | undefined;
  /** The session's own unique key. A bearer secret. */
  sessionKey?: string | null | undefined;
  /** The one kind of the session. Give this or `sessionTypes`, not both; never UNKNOWN_FUTURE_VALUE. */
  sessionType?: SessionType | null | undefined;
  /** Every kind of the session, at least one. Give this or `sessionType`, not both; never UNKNOWN_FUTURE_VALUE. */
  sessionTypes?: Array<SessionType> | null | undefined;
};

/** What a helper may do on the shared device (Microsoft Graph: allowedRemoteAssistanceActions). */
export type SessionType =
  /** The helper controls the device and may answer elevation prompts. */
  | 'ELEVATION'
  /** The helper sees the screen and controls the device. */
  | 'TAKE_FULL_CONTROL'
  /** The helper controls the device without a person at it. */
  | 'UNATTENDED'
  /** Microsoft Graph named a kind that this schema does not know. It is only ever answered; an input must not hold it. */
  | 'UNKNOWN_FUTURE_VALUE'
  /** The helper sees the screen. */
  | 'VIEW_SCREEN';

/**
 * The properties to change. One that is left out keeps its value; an explicit null is sent to Microsoft Graph as null.
 * At least one must be given.
 */
export type UpdateRemoteHelpSessionResponseInput = {
  /** The id of the session's group in Azure Communication Services. */
  acsGroupId?: string | null | undefined;
  /** The helper's user id in Azure Communication Services. */
  acsHelperUserId?: string | null | undefined;
  /** The helper's access token for Azure Communication Services (ACS). A bearer secret. */
  acsHelperUserToken?: string | null | undefined;
  /** The user id, in Azure Communication Services, of the person who shares the device. */
  acsSharerUserId?: string | null | undefined;
  /** The name of the shared device. */
  deviceName?: string | null | undefined;
  /** The id of the session's group in Azure Web PubSub. */
  pubSubGroupId?: string | null | undefined;
  /** The address with which the helper joins Azure Web PubSub. A bearer secret. */
  pubSubHelperAccessUri?: string | null | undefined;
  /** When the session expires. Sent to Microsoft Graph exactly as it is written here. */
  sessionExpirationDateTime?: string | null | undefined;
  /** The session's own unique key. A bearer secret. */
  sessionKey?: string | null | undefined;
  /** The one kind of the session. Give this or `sessionTypes`, not both; never UNKNOWN_FUTURE_VALUE. */
  sessionType?: SessionType | null | undefined;
  /** Every kind of the session, at least one. Give this or `sessionType`, not both; never UNKNOWN_FUTURE_VALUE. */
  sessionTypes?: Array<SessionType> | null | undefined;
};

export type SessionCardFragment = { __typename: 'RemoteHelpSessionResponse', id: string, deviceName: string | null, sessionType: SessionType | null, sessionExpirationDateTime: string | null };

export type SessionsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type SessionsQuery = { __typename: 'Query', remoteHelpSessionResponses: { __typename: 'RemoteHelpSessionResponseConnection', edges: Array<{ __typename: 'RemoteHelpSessionResponseEdge', node: { __typename: 'RemoteHelpSessionResponse', id: string, deviceName: string | null, sessionType: SessionType | null, sessionExpirationDateTime: string | null } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } | null };

export type SessionQueryVariables = Exact<{
  id: string | number;
}>;


export type SessionQuery = { __typename: 'Query', remoteHelpSessionResponse: { __typename: 'RemoteHelpSessionResponse', id: string, deviceName: string | null, sessionType: SessionType | null, sessionExpirationDateTime: string | null } | null };

export type UpdateSessionMutationVariables = Exact<{
  id: string | number;
  input: UpdateRemoteHelpSessionResponseInput;
}>;


export type UpdateSessionMutation = { __typename: 'Mutation', updateRemoteHelpSessionResponse: { __typename: 'UpdateRemoteHelpSessionResponsePayload', remoteHelpSessionResponse: { __typename: 'RemoteHelpSessionResponse', id: string, deviceName: string | null, sessionType: SessionType | null, sessionExpirationDateTime: string | null } } | null };

export type CreateSessionMutationVariables = Exact<{
  input: CreateRemoteHelpSessionResponseInput;
}>;


export type CreateSessionMutation = { __typename: 'Mutation', createRemoteHelpSessionResponse: { __typename: 'CreateRemoteHelpSessionResponsePayload', remoteHelpSessionResponse: { __typename: 'RemoteHelpSessionResponse', id: string, deviceName: string | null, sessionType: SessionType | null, sessionExpirationDateTime: string | null } } | null };

export type DeleteSessionMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteSessionMutation = { __typename: 'Mutation', deleteRemoteHelpSessionResponse: { __typename: 'DeleteRemoteHelpSessionResponsePayload', deletedId: string } | null };

export type TwoSessionsQueryVariables = Exact<{
  one: string | number;
  two: string | number;
}>;


export type TwoSessionsQuery = { __typename: 'Query', one: { __typename: 'RemoteHelpSessionResponse', id: string, deviceName: string | null, sessionType: SessionType | null, sessionExpirationDateTime: string | null } | null, two: { __typename: 'RemoteHelpSessionResponse', id: string, deviceName: string | null, sessionType: SessionType | null, sessionExpirationDateTime: string | null } | null };

export const SessionCardFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionCard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemoteHelpSessionResponse"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"deviceName"}},{"kind":"Field","name":{"kind":"Name","value":"sessionType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionExpirationDateTime"}}]}}]} as unknown as DocumentNode<SessionCardFragment, unknown>;
export const SessionsDocument = {"__meta__":{"hash":"sha256:08b18f9487601c980a99e179bcfa20b92de36eb63e1382bdc16db559a5755043"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Sessions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"remoteHelpSessionResponses"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionCard"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionCard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemoteHelpSessionResponse"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"deviceName"}},{"kind":"Field","name":{"kind":"Name","value":"sessionType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionExpirationDateTime"}}]}}]} as unknown as DocumentNode<SessionsQuery, SessionsQueryVariables>;
export const SessionDocument = {"__meta__":{"hash":"sha256:de86edeeeee31d3b5baa18e75f9f65714e31422f1a2bcfe49720ba77c404d3d0"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Session"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"remoteHelpSessionResponse"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionCard"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionCard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemoteHelpSessionResponse"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"deviceName"}},{"kind":"Field","name":{"kind":"Name","value":"sessionType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionExpirationDateTime"}}]}}]} as unknown as DocumentNode<SessionQuery, SessionQueryVariables>;
export const UpdateSessionDocument = {"__meta__":{"hash":"sha256:905235d2b19e6b34708b17761915220487c436e7eaa38962cabd73ad526630f6"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateRemoteHelpSessionResponseInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"updateRemoteHelpSessionResponse"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"remoteHelpSessionResponse"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionCard"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionCard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemoteHelpSessionResponse"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"deviceName"}},{"kind":"Field","name":{"kind":"Name","value":"sessionType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionExpirationDateTime"}}]}}]} as unknown as DocumentNode<UpdateSessionMutation, UpdateSessionMutationVariables>;
export const CreateSessionDocument = {"__meta__":{"hash":"sha256:c9616ed922b8be61bcf1a6a9536aaddef4b14e0c1d236c4f78ae75fba61b5611"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateRemoteHelpSessionResponseInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"createRemoteHelpSessionResponse"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"remoteHelpSessionResponse"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionCard"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionCard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemoteHelpSessionResponse"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"deviceName"}},{"kind":"Field","name":{"kind":"Name","value":"sessionType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionExpirationDateTime"}}]}}]} as unknown as DocumentNode<CreateSessionMutation, CreateSessionMutationVariables>;
export const DeleteSessionDocument = {"__meta__":{"hash":"sha256:53f4b696368f983334265f14ba2c89556c00bc0380487eabf14cfe3c49645361"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteSession"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"deleteRemoteHelpSessionResponse"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"deletedId"}}]}}]}}]} as unknown as DocumentNode<DeleteSessionMutation, DeleteSessionMutationVariables>;
export const TwoSessionsDocument = {"__meta__":{"hash":"sha256:c91e3eac6328a0bf8dbb59adf181c47e70430ed278730efceff878148109acbd"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"TwoSessions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"one"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"two"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","alias":{"kind":"Name","value":"one"},"name":{"kind":"Name","value":"remoteHelpSessionResponse"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"one"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionCard"}}]}},{"kind":"Field","alias":{"kind":"Name","value":"two"},"name":{"kind":"Name","value":"remoteHelpSessionResponse"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"two"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"SessionCard"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SessionCard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemoteHelpSessionResponse"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"deviceName"}},{"kind":"Field","name":{"kind":"Name","value":"sessionType"}},{"kind":"Field","name":{"kind":"Name","value":"sessionExpirationDateTime"}}]}}]} as unknown as DocumentNode<TwoSessionsQuery, TwoSessionsQueryVariables>;