import type { KnownResource } from './compare.ts';

/** What the gateway knows of its resource, in the words of Graph's metadata. */
export function knownResource(sessionsPath: string): KnownResource {
  return {
    type: 'microsoft.graph.retrieveRemoteHelpSessionResponse',
    properties: {
      sessionKey: 'Edm.String',
      acsHelperUserToken: 'Edm.String',
      acsHelperUserId: 'Edm.String',
      acsSharerUserId: 'Edm.String',
      acsGroupId: 'Edm.String',
      sessionType: 'microsoft.graph.allowedRemoteAssistanceActions',
      deviceName: 'Edm.String',
      pubSubGroupId: 'Edm.String',
      pubSubHelperAccessUri: 'Edm.String',
      sessionExpirationDateTime: 'Edm.DateTimeOffset',
      webClientUri: 'Edm.String',
    },
    enums: {
      'microsoft.graph.allowedRemoteAssistanceActions': [
        'viewScreen',
        'takeFullControl',
        'elevation',
        'unattended',
        'unknownFutureValue',
      ],
    },
    path: sessionsPath,
  };
}
