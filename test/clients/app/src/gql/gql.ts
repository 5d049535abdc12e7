/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment SessionCard on RemoteHelpSessionResponse {\n    id\n    deviceName\n    sessionType\n    sessionExpirationDateTime\n  }\n": typeof types.SessionCardFragmentDoc,
    "\n  query Sessions($first: Int!, $after: String) {\n    remoteHelpSessionResponses(first: $first, after: $after) {\n      edges {\n        node {\n          ...SessionCard\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SessionsDocument,
    "\n  query Session($id: ID!) {\n    remoteHelpSessionResponse(id: $id) {\n      ...SessionCard\n    }\n  }\n": typeof types.SessionDocument,
    "\n  mutation UpdateSession($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {\n    updateRemoteHelpSessionResponse(id: $id, input: $input) {\n      remoteHelpSessionResponse {\n        ...SessionCard\n      }\n    }\n  }\n": typeof types.UpdateSessionDocument,
    "\n  mutation CreateSession($input: CreateRemoteHelpSessionResponseInput!) {\n    createRemoteHelpSessionResponse(input: $input) {\n      remoteHelpSessionResponse {\n        ...SessionCard\n      }\n    }\n  }\n": typeof types.CreateSessionDocument,
    "\n  mutation DeleteSession($id: ID!) {\n    deleteRemoteHelpSessionResponse(id: $id) {\n      deletedId\n    }\n  }\n": typeof types.DeleteSessionDocument,
    "\n  query TwoSessions($one: ID!, $two: ID!) {\n    one: remoteHelpSessionResponse(id: $one) {\n      ...SessionCard\n    }\n    two: remoteHelpSessionResponse(id: $two) {\n      ...SessionCard\n    }\n  }\n": typeof types.TwoSessionsDocument,
};
const documents: Documents = {
    "\n  fragment SessionCard on RemoteHelpSessionResponse {\n    id\n    deviceName\n    sessionType\n    sessionExpirationDateTime\n  }\n": types.SessionCardFragmentDoc,
    "\n  query Sessions($first: Int!, $after: String) {\n    remoteHelpSessionResponses(first: $first, after: $after) {\n      edges {\n        node {\n          ...SessionCard\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SessionsDocument,
    "\n  query Session($id: ID!) {\n    remoteHelpSessionResponse(id: $id) {\n      ...SessionCard\n    }\n  }\n": types.SessionDocument,
    "\n  mutation UpdateSession($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {\n    updateRemoteHelpSessionResponse(id: $id, input: $input) {\n      remoteHelpSessionResponse {\n        ...SessionCard\n      }\n    }\n  }\n": types.UpdateSessionDocument,
    "\n  mutation CreateSession($input: CreateRemoteHelpSessionResponseInput!) {\n    createRemoteHelpSessionResponse(input: $input) {\n      remoteHelpSessionResponse {\n        ...SessionCard\n      }\n    }\n  }\n": types.CreateSessionDocument,
    "\n  mutation DeleteSession($id: ID!) {\n    deleteRemoteHelpSessionResponse(id: $id) {\n      deletedId\n    }\n  }\n": types.DeleteSessionDocument,
    "\n  query TwoSessions($one: ID!, $two: ID!) {\n    one: remoteHelpSessionResponse(id: $one) {\n      ...SessionCard\n    }\n    two: remoteHelpSessionResponse(id: $two) {\n      ...SessionCard\n    }\n  }\n": types.TwoSessionsDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SessionCard on RemoteHelpSessionResponse {\n    id\n    deviceName\n    sessionType\n    sessionExpirationDateTime\n  }\n"): (typeof documents)["\n  fragment SessionCard on RemoteHelpSessionResponse {\n    id\n    deviceName\n    sessionType\n    sessionExpirationDateTime\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Sessions($first: Int!, $after: String) {\n    remoteHelpSessionResponses(first: $first, after: $after) {\n      edges {\n        node {\n          ...SessionCard\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Sessions($first: Int!, $after: String) {\n    remoteHelpSessionResponses(first: $first, after: $after) {\n      edges {\n        node {\n          ...SessionCard\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Session($id: ID!) {\n    remoteHelpSessionResponse(id: $id) {\n      ...SessionCard\n    }\n  }\n"): (typeof documents)["\n  query Session($id: ID!) {\n    remoteHelpSessionResponse(id: $id) {\n      ...SessionCard\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateSession($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {\n    updateRemoteHelpSessionResponse(id: $id, input: $input) {\n      remoteHelpSessionResponse {\n        ...SessionCard\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateSession($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {\n    updateRemoteHelpSessionResponse(id: $id, input: $input) {\n      remoteHelpSessionResponse {\n        ...SessionCard\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateSession($input: CreateRemoteHelpSessionResponseInput!) {\n    createRemoteHelpSessionResponse(input: $input) {\n      remoteHelpSessionResponse {\n        ...SessionCard\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateSession($input: CreateRemoteHelpSessionResponseInput!) {\n    createRemoteHelpSessionResponse(input: $input) {\n      remoteHelpSessionResponse {\n        ...SessionCard\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeleteSession($id: ID!) {\n    deleteRemoteHelpSessionResponse(id: $id) {\n      deletedId\n    }\n  }\n"): (typeof documents)["\n  mutation DeleteSession($id: ID!) {\n    deleteRemoteHelpSessionResponse(id: $id) {\n      deletedId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TwoSessions($one: ID!, $two: ID!) {\n    one: remoteHelpSessionResponse(id: $one) {\n      ...SessionCard\n    }\n    two: remoteHelpSessionResponse(id: $two) {\n      ...SessionCard\n    }\n  }\n"): (typeof documents)["\n  query TwoSessions($one: ID!, $two: ID!) {\n    one: remoteHelpSessionResponse(id: $one) {\n      ...SessionCard\n    }\n    two: remoteHelpSessionResponse(id: $two) {\n      ...SessionCard\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;