/** Graph's name of the resource's type. */
export const SESSION_TYPE = 'microsoft.graph.retrieveRemoteHelpSessionResponse';

/** Graph's name of the enumeration of what a session allows; its members are in session-type.ts. */
export const ACTIONS_TYPE = 'microsoft.graph.allowedRemoteAssistanceActions';

/** All properties of the type, each with its own type in the words of Graph's metadata. */
export const PROPERTY_TYPES = {
  sessionKey: 'Edm.String',
  acsHelperUserToken: 'Edm.String',
  acsHelperUserId: 'Edm.String',
  acsSharerUserId: 'Edm.String',
  acsGroupId: 'Edm.String',
  deviceName: 'Edm.String',
  pubSubGroupId: 'Edm.String',
  pubSubHelperAccessUri: 'Edm.String',
  webClientUri: 'Edm.String',
  sessionType: ACTIONS_TYPE,
  sessionExpirationDateTime: 'Edm.DateTimeOffset',
} as const;

export type GraphProperty = keyof typeof PROPERTY_TYPES;

/** The properties that hold any text. */
export type TextProperty = {
  [P in GraphProperty]: (typeof PROPERTY_TYPES)[P] extends 'Edm.String' ? P : never;
}[GraphProperty];

export const GRAPH_PROPERTIES = Object.keys(PROPERTY_TYPES) as readonly GraphProperty[];

export function isProperty(name: string): name is GraphProperty {
  return Object.hasOwn(PROPERTY_TYPES, name);
}
