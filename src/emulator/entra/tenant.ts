/** The one tenant, its one app registration and its sample user. Fixed, so that settings survive a restart. */
export const tenant = {
  id: '7f4e1c52-6a0b-4d5e-9c33-1e2d3f4a5b6c',
  /** The gateway's own app registration. */
  clientId: 'c0ffee00-1234-4abc-8def-0123456789ab',
  /** The app with which the sample user signed in. */
  callingClientId: 'ca11e400-5678-4abc-8def-0123456789ab',
  /** The sample user's object id. */
  userId: '0b5e7e57-9abc-4def-8012-3456789abcde',
} as const;

/** Microsoft Graph's own app id, in every tenant. */
export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';
