import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { SessionResult } from '../msgraph/sessions/remote-help-session.ts';
import type { RequestContext } from '../graphql/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /**
   * A point in time with its offset from UTC, as text: an RFC 3339 date-time such as
   * `2016-12-31T23:59:57.5564522-08:00` (Edm.DateTimeOffset). The offset is required, at most 14:00; up to 7 fractional
   * digits. The gateway passes it through digit for digit.
   */
  DateTimeOffset: { input: string; output: string; }
};

/**
 * The properties of a new session. One that is left out is left to Microsoft Graph; an explicit null is sent as null. At
 * least one must be given. Give a `sessionKey`: with it, whether a create whose answer was lost has happened can be looked up.
 */
export type CreateRemoteHelpSessionResponseInput = {
  /** The id of the session's group in Azure Communication Services. */
  acsGroupId?: InputMaybe<Scalars['String']['input']>;
  /** The helper's user id in Azure Communication Services. */
  acsHelperUserId?: InputMaybe<Scalars['String']['input']>;
  /** The helper's access token for Azure Communication Services (ACS). A bearer secret. */
  acsHelperUserToken?: InputMaybe<Scalars['String']['input']>;
  /** The user id, in Azure Communication Services, of the person who shares the device. */
  acsSharerUserId?: InputMaybe<Scalars['String']['input']>;
  /** The name of the shared device. */
  deviceName?: InputMaybe<Scalars['String']['input']>;
  /** The id of the session's group in Azure Web PubSub. */
  pubSubGroupId?: InputMaybe<Scalars['String']['input']>;
  /** The address with which the helper joins Azure Web PubSub. A bearer secret. */
  pubSubHelperAccessUri?: InputMaybe<Scalars['String']['input']>;
  /** When the session expires. Sent to Microsoft Graph exactly as it is written here. */
  sessionExpirationDateTime?: InputMaybe<Scalars['DateTimeOffset']['input']>;
  /** The session's own unique key. A bearer secret. */
  sessionKey?: InputMaybe<Scalars['String']['input']>;
  /** The one kind of the session. Give this or `sessionTypes`, not both; never UNKNOWN_FUTURE_VALUE. */
  sessionType?: InputMaybe<SessionType>;
  /** Every kind of the session, at least one. Give this or `sessionType`, not both; never UNKNOWN_FUTURE_VALUE. */
  sessionTypes?: InputMaybe<Array<SessionType>>;
};

/** The answer to a create. */
export type CreateRemoteHelpSessionResponsePayload = {
  __typename?: 'CreateRemoteHelpSessionResponsePayload';
  /** The new session as Microsoft Graph answered it, never an echo of the input. Its `id` is what to read, update and delete it by. */
  remoteHelpSessionResponse: RemoteHelpSessionResponse;
};

/** The answer to a delete. */
export type DeleteRemoteHelpSessionResponsePayload = {
  __typename?: 'DeleteRemoteHelpSessionResponsePayload';
  /** The key of the session that is gone, as it was given. */
  deletedId: Scalars['ID']['output'];
};

/**
 * What can be changed. The fields of one operation run one after another, each whatever became of those before it: one that
 * fails is null with an error of its own path, and the others keep their answers.
 */
export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Makes a session: a `POST` to Microsoft Graph in the caller's own name, holding exactly the given properties. It is never
   * sent twice unless Microsoft Graph said that it did not make one. When it fails, `extensions.outcome` of the error tells
   * whether there is a new session: NOT_APPLIED, APPLIED (only the answer could not be read) or UNKNOWN.
   */
  createRemoteHelpSessionResponse: Maybe<CreateRemoteHelpSessionResponsePayload>;
  /**
   * Deletes a session: a `DELETE` to Microsoft Graph in the caller's own name. One that Microsoft Graph does not find is
   * NOT_FOUND. When it fails, `extensions.outcome` of the error tells whether the session is gone: NOT_APPLIED or UNKNOWN.
   */
  deleteRemoteHelpSessionResponse: Maybe<DeleteRemoteHelpSessionResponsePayload>;
  /**
   * Changes a session: a `PATCH` to Microsoft Graph in the caller's own name, holding exactly the given properties. When
   * it fails, `extensions.outcome` of the error tells whether the session was changed: NOT_APPLIED, APPLIED or UNKNOWN.
   */
  updateRemoteHelpSessionResponse: Maybe<UpdateRemoteHelpSessionResponsePayload>;
};


/**
 * What can be changed. The fields of one operation run one after another, each whatever became of those before it: one that
 * fails is null with an error of its own path, and the others keep their answers.
 */
export type MutationCreateRemoteHelpSessionResponseArgs = {
  input: CreateRemoteHelpSessionResponseInput;
};


/**
 * What can be changed. The fields of one operation run one after another, each whatever became of those before it: one that
 * fails is null with an error of its own path, and the others keep their answers.
 */
export type MutationDeleteRemoteHelpSessionResponseArgs = {
  id: Scalars['ID']['input'];
};


/**
 * What can be changed. The fields of one operation run one after another, each whatever became of those before it: one that
 * fails is null with an error of its own path, and the others keep their answers.
 */
export type MutationUpdateRemoteHelpSessionResponseArgs = {
  id: Scalars['ID']['input'];
  input: UpdateRemoteHelpSessionResponseInput;
};

/** Where a page stands in its list (Relay Cursor Connections). */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The cursor to give as `after` for the next page. */
  endCursor: Maybe<Scalars['String']['output']>;
  /** Whether there are sessions behind this page. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether there are sessions before this page: true when the page was asked for with `after`. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the page's first edge. */
  startCursor: Maybe<Scalars['String']['output']>;
};

/** What can be read. Every field is nullable, so that one that fails leaves the others of the same operation their answers. */
export type Query = {
  __typename?: 'Query';
  /** One session; null when Microsoft Graph does not find it. */
  remoteHelpSessionResponse: Maybe<RemoteHelpSessionResponse>;
  /** A page of all sessions that the caller may see. */
  remoteHelpSessionResponses: Maybe<RemoteHelpSessionResponseConnection>;
  /** Several sessions in the order of `ids`; null at the place of each that Microsoft Graph does not find. */
  remoteHelpSessionResponsesById: Maybe<Array<Maybe<RemoteHelpSessionResponse>>>;
};


/** What can be read. Every field is nullable, so that one that fails leaves the others of the same operation their answers. */
export type QueryRemoteHelpSessionResponseArgs = {
  id: Scalars['ID']['input'];
};


/** What can be read. Every field is nullable, so that one that fails leaves the others of the same operation their answers. */
export type QueryRemoteHelpSessionResponsesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** What can be read. Every field is nullable, so that one that fails leaves the others of the same operation their answers. */
export type QueryRemoteHelpSessionResponsesByIdArgs = {
  ids: Array<Scalars['ID']['input']>;
};

/**
 * What Intune answers when a Remote Help session is retrieved: the keys and addresses with which a helper's client joins
 * the session (Microsoft Graph beta: retrieveRemoteHelpSessionResponse). Microsoft Graph may leave out any of them.
 */
export type RemoteHelpSessionResponse = {
  __typename?: 'RemoteHelpSessionResponse';
  /** The id of the session's group in Azure Communication Services. */
  acsGroupId: Maybe<Scalars['String']['output']>;
  /** The helper's user id in Azure Communication Services. */
  acsHelperUserId: Maybe<Scalars['String']['output']>;
  /** The helper's access token for Azure Communication Services (ACS). A bearer secret: never store or log it. */
  acsHelperUserToken: Maybe<Scalars['String']['output']>;
  /** The user id, in Azure Communication Services, of the person who shares the device. */
  acsSharerUserId: Maybe<Scalars['String']['output']>;
  /** The name of the shared device. */
  deviceName: Maybe<Scalars['String']['output']>;
  /** The key of the session in Microsoft Graph. In a list it is the session key when Graph names no id. */
  id: Scalars['ID']['output'];
  /** The id of the session's group in Azure Web PubSub. */
  pubSubGroupId: Maybe<Scalars['String']['output']>;
  /** The address with which the helper joins Azure Web PubSub. A bearer secret: it carries an access token. */
  pubSubHelperAccessUri: Maybe<Scalars['String']['output']>;
  /** When the session expires, with the offset exactly as Microsoft Graph wrote it. */
  sessionExpirationDateTime: Maybe<Scalars['DateTimeOffset']['output']>;
  /** The session's own unique key. A bearer secret: whoever holds it can join the session. */
  sessionKey: Maybe<Scalars['String']['output']>;
  /** The most privileged kind of the session: unattended, else elevation, else full control, else view screen. */
  sessionType: Maybe<SessionType>;
  /** Every kind of the session: Microsoft Graph may combine several. */
  sessionTypes: Maybe<Array<SessionType>>;
  /** The address at which the helper reaches the device in a browser. A bearer secret: it opens the session. */
  webClientUri: Maybe<Scalars['String']['output']>;
};

/** A page of sessions (Relay Cursor Connections). It may hold fewer than `first` although more follow: see `pageInfo.hasNextPage`. */
export type RemoteHelpSessionResponseConnection = {
  __typename?: 'RemoteHelpSessionResponseConnection';
  /** The page's sessions, each with its cursor. */
  edges: Array<RemoteHelpSessionResponseEdge>;
  /** The page's sessions without cursors. */
  nodes: Array<Maybe<RemoteHelpSessionResponse>>;
  /** Where the page stands in the list. */
  pageInfo: PageInfo;
};

/** A session in a list, with the cursor that continues the list behind it. */
export type RemoteHelpSessionResponseEdge = {
  __typename?: 'RemoteHelpSessionResponseEdge';
  /** Give it as `after` to continue behind this session. Opaque: its content is the gateway's own and may change. */
  cursor: Scalars['String']['output'];
  /** The session; null with an error when Microsoft Graph's entry makes no sense. */
  node: Maybe<RemoteHelpSessionResponse>;
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
  acsGroupId?: InputMaybe<Scalars['String']['input']>;
  /** The helper's user id in Azure Communication Services. */
  acsHelperUserId?: InputMaybe<Scalars['String']['input']>;
  /** The helper's access token for Azure Communication Services (ACS). A bearer secret. */
  acsHelperUserToken?: InputMaybe<Scalars['String']['input']>;
  /** The user id, in Azure Communication Services, of the person who shares the device. */
  acsSharerUserId?: InputMaybe<Scalars['String']['input']>;
  /** The name of the shared device. */
  deviceName?: InputMaybe<Scalars['String']['input']>;
  /** The id of the session's group in Azure Web PubSub. */
  pubSubGroupId?: InputMaybe<Scalars['String']['input']>;
  /** The address with which the helper joins Azure Web PubSub. A bearer secret. */
  pubSubHelperAccessUri?: InputMaybe<Scalars['String']['input']>;
  /** When the session expires. Sent to Microsoft Graph exactly as it is written here. */
  sessionExpirationDateTime?: InputMaybe<Scalars['DateTimeOffset']['input']>;
  /** The session's own unique key. A bearer secret. */
  sessionKey?: InputMaybe<Scalars['String']['input']>;
  /** The one kind of the session. Give this or `sessionTypes`, not both; never UNKNOWN_FUTURE_VALUE. */
  sessionType?: InputMaybe<SessionType>;
  /** Every kind of the session, at least one. Give this or `sessionType`, not both; never UNKNOWN_FUTURE_VALUE. */
  sessionTypes?: InputMaybe<Array<SessionType>>;
};

/** The answer to an update. */
export type UpdateRemoteHelpSessionResponsePayload = {
  __typename?: 'UpdateRemoteHelpSessionResponsePayload';
  /** The session as Microsoft Graph answered it after the update, never an echo of the input. */
  remoteHelpSessionResponse: RemoteHelpSessionResponse;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  CreateRemoteHelpSessionResponseInput: CreateRemoteHelpSessionResponseInput;
  CreateRemoteHelpSessionResponsePayload: ResolverTypeWrapper<Omit<CreateRemoteHelpSessionResponsePayload, 'remoteHelpSessionResponse'> & { remoteHelpSessionResponse: ResolversTypes['RemoteHelpSessionResponse'] }>;
  DateTimeOffset: ResolverTypeWrapper<Scalars['DateTimeOffset']['output']>;
  DeleteRemoteHelpSessionResponsePayload: ResolverTypeWrapper<DeleteRemoteHelpSessionResponsePayload>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RemoteHelpSessionResponse: ResolverTypeWrapper<SessionResult>;
  RemoteHelpSessionResponseConnection: ResolverTypeWrapper<Omit<RemoteHelpSessionResponseConnection, 'edges' | 'nodes'> & { edges: Array<ResolversTypes['RemoteHelpSessionResponseEdge']>, nodes: Array<Maybe<ResolversTypes['RemoteHelpSessionResponse']>> }>;
  RemoteHelpSessionResponseEdge: ResolverTypeWrapper<Omit<RemoteHelpSessionResponseEdge, 'node'> & { node?: Maybe<ResolversTypes['RemoteHelpSessionResponse']> }>;
  SessionType: SessionType;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  UpdateRemoteHelpSessionResponseInput: UpdateRemoteHelpSessionResponseInput;
  UpdateRemoteHelpSessionResponsePayload: ResolverTypeWrapper<Omit<UpdateRemoteHelpSessionResponsePayload, 'remoteHelpSessionResponse'> & { remoteHelpSessionResponse: ResolversTypes['RemoteHelpSessionResponse'] }>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Boolean: Scalars['Boolean']['output'];
  CreateRemoteHelpSessionResponseInput: CreateRemoteHelpSessionResponseInput;
  CreateRemoteHelpSessionResponsePayload: Omit<CreateRemoteHelpSessionResponsePayload, 'remoteHelpSessionResponse'> & { remoteHelpSessionResponse: ResolversParentTypes['RemoteHelpSessionResponse'] };
  DateTimeOffset: Scalars['DateTimeOffset']['output'];
  DeleteRemoteHelpSessionResponsePayload: DeleteRemoteHelpSessionResponsePayload;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  RemoteHelpSessionResponse: SessionResult;
  RemoteHelpSessionResponseConnection: Omit<RemoteHelpSessionResponseConnection, 'edges' | 'nodes'> & { edges: Array<ResolversParentTypes['RemoteHelpSessionResponseEdge']>, nodes: Array<Maybe<ResolversParentTypes['RemoteHelpSessionResponse']>> };
  RemoteHelpSessionResponseEdge: Omit<RemoteHelpSessionResponseEdge, 'node'> & { node?: Maybe<ResolversParentTypes['RemoteHelpSessionResponse']> };
  String: Scalars['String']['output'];
  UpdateRemoteHelpSessionResponseInput: UpdateRemoteHelpSessionResponseInput;
  UpdateRemoteHelpSessionResponsePayload: Omit<UpdateRemoteHelpSessionResponsePayload, 'remoteHelpSessionResponse'> & { remoteHelpSessionResponse: ResolversParentTypes['RemoteHelpSessionResponse'] };
};

export type SensitiveDirectiveArgs = { };

export type SensitiveDirectiveResolver<Result, Parent, ContextType = RequestContext, Args = SensitiveDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type CreateRemoteHelpSessionResponsePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['CreateRemoteHelpSessionResponsePayload'] = ResolversParentTypes['CreateRemoteHelpSessionResponsePayload']> = {
  remoteHelpSessionResponse?: Resolver<ResolversTypes['RemoteHelpSessionResponse'], ParentType, ContextType>;
};

export interface DateTimeOffsetScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTimeOffset'], any> {
  name: 'DateTimeOffset';
}

export type DeleteRemoteHelpSessionResponsePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['DeleteRemoteHelpSessionResponsePayload'] = ResolversParentTypes['DeleteRemoteHelpSessionResponsePayload']> = {
  deletedId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  createRemoteHelpSessionResponse?: Resolver<Maybe<ResolversTypes['CreateRemoteHelpSessionResponsePayload']>, ParentType, ContextType, RequireFields<MutationCreateRemoteHelpSessionResponseArgs, 'input'>>;
  deleteRemoteHelpSessionResponse?: Resolver<Maybe<ResolversTypes['DeleteRemoteHelpSessionResponsePayload']>, ParentType, ContextType, RequireFields<MutationDeleteRemoteHelpSessionResponseArgs, 'id'>>;
  updateRemoteHelpSessionResponse?: Resolver<Maybe<ResolversTypes['UpdateRemoteHelpSessionResponsePayload']>, ParentType, ContextType, RequireFields<MutationUpdateRemoteHelpSessionResponseArgs, 'id' | 'input'>>;
};

export type PageInfoResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  remoteHelpSessionResponse?: Resolver<Maybe<ResolversTypes['RemoteHelpSessionResponse']>, ParentType, ContextType, RequireFields<QueryRemoteHelpSessionResponseArgs, 'id'>>;
  remoteHelpSessionResponses?: Resolver<Maybe<ResolversTypes['RemoteHelpSessionResponseConnection']>, ParentType, ContextType, Partial<QueryRemoteHelpSessionResponsesArgs>>;
  remoteHelpSessionResponsesById?: Resolver<Maybe<Array<Maybe<ResolversTypes['RemoteHelpSessionResponse']>>>, ParentType, ContextType, RequireFields<QueryRemoteHelpSessionResponsesByIdArgs, 'ids'>>;
};

export type RemoteHelpSessionResponseResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RemoteHelpSessionResponse'] = ResolversParentTypes['RemoteHelpSessionResponse']> = {
  acsGroupId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  acsHelperUserId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  acsHelperUserToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  acsSharerUserId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  deviceName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  pubSubGroupId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  pubSubHelperAccessUri?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sessionExpirationDateTime?: Resolver<Maybe<ResolversTypes['DateTimeOffset']>, ParentType, ContextType>;
  sessionKey?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sessionType?: Resolver<Maybe<ResolversTypes['SessionType']>, ParentType, ContextType>;
  sessionTypes?: Resolver<Maybe<Array<ResolversTypes['SessionType']>>, ParentType, ContextType>;
  webClientUri?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RemoteHelpSessionResponseConnectionResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RemoteHelpSessionResponseConnection'] = ResolversParentTypes['RemoteHelpSessionResponseConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RemoteHelpSessionResponseEdge']>, ParentType, ContextType>;
  nodes?: Resolver<Array<Maybe<ResolversTypes['RemoteHelpSessionResponse']>>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RemoteHelpSessionResponseEdgeResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['RemoteHelpSessionResponseEdge'] = ResolversParentTypes['RemoteHelpSessionResponseEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['RemoteHelpSessionResponse']>, ParentType, ContextType>;
};

export type UpdateRemoteHelpSessionResponsePayloadResolvers<ContextType = RequestContext, ParentType extends ResolversParentTypes['UpdateRemoteHelpSessionResponsePayload'] = ResolversParentTypes['UpdateRemoteHelpSessionResponsePayload']> = {
  remoteHelpSessionResponse?: Resolver<ResolversTypes['RemoteHelpSessionResponse'], ParentType, ContextType>;
};

export type Resolvers<ContextType = RequestContext> = {
  CreateRemoteHelpSessionResponsePayload?: CreateRemoteHelpSessionResponsePayloadResolvers<ContextType>;
  DateTimeOffset?: GraphQLScalarType;
  DeleteRemoteHelpSessionResponsePayload?: DeleteRemoteHelpSessionResponsePayloadResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RemoteHelpSessionResponse?: RemoteHelpSessionResponseResolvers<ContextType>;
  RemoteHelpSessionResponseConnection?: RemoteHelpSessionResponseConnectionResolvers<ContextType>;
  RemoteHelpSessionResponseEdge?: RemoteHelpSessionResponseEdgeResolvers<ContextType>;
  UpdateRemoteHelpSessionResponsePayload?: UpdateRemoteHelpSessionResponsePayloadResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = RequestContext> = {
  sensitive?: SensitiveDirectiveResolver<any, any, ContextType>;
};
