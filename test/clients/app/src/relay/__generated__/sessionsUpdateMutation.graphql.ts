/**
 * @generated SignedSource<<8d9428a3de434b4aaee9215cd73a618c>>
 * @relayHash 165ad2157b445b5f4792c437d919b711
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID e9119cb6521ced3583ee370232e4c218103ddc7561eb17cebcc38c41ffdb193a

import type { ConcreteRequest } from 'relay-runtime';
export type SessionType = "ELEVATION" | "TAKE_FULL_CONTROL" | "UNATTENDED" | "UNKNOWN_FUTURE_VALUE" | "VIEW_SCREEN" | "%future added value";
export type UpdateRemoteHelpSessionResponseInput = {
  acsGroupId?: string | null | undefined;
  acsHelperUserId?: string | null | undefined;
  acsHelperUserToken?: string | null | undefined;
  acsSharerUserId?: string | null | undefined;
  deviceName?: string | null | undefined;
  pubSubGroupId?: string | null | undefined;
  pubSubHelperAccessUri?: string | null | undefined;
  sessionExpirationDateTime?: string | null | undefined;
  sessionKey?: string | null | undefined;
  sessionType?: SessionType | null | undefined;
  sessionTypes?: ReadonlyArray<SessionType> | null | undefined;
};
export type sessionsUpdateMutation$variables = {
  id: string;
  input: UpdateRemoteHelpSessionResponseInput;
};
export type sessionsUpdateMutation$data = {
  readonly updateRemoteHelpSessionResponse: {
    readonly remoteHelpSessionResponse: {
      readonly deviceName: string | null | undefined;
      readonly id: string;
      readonly sessionExpirationDateTime: string | null | undefined;
    };
  } | null | undefined;
};
export type sessionsUpdateMutation = {
  response: sessionsUpdateMutation$data;
  variables: sessionsUpdateMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "id"
  },
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "alias": null,
    "args": [
      {
        "kind": "Variable",
        "name": "id",
        "variableName": "id"
      },
      {
        "kind": "Variable",
        "name": "input",
        "variableName": "input"
      }
    ],
    "concreteType": "UpdateRemoteHelpSessionResponsePayload",
    "kind": "LinkedField",
    "name": "updateRemoteHelpSessionResponse",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "RemoteHelpSessionResponse",
        "kind": "LinkedField",
        "name": "remoteHelpSessionResponse",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "id",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "deviceName",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "sessionExpirationDateTime",
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "sessionsUpdateMutation",
    "selections": (v1/*:: as any*/),
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "sessionsUpdateMutation",
    "selections": (v1/*:: as any*/)
  },
  "params": {
    "cacheID": "165ad2157b445b5f4792c437d919b711",
    "id": "e9119cb6521ced3583ee370232e4c218103ddc7561eb17cebcc38c41ffdb193a",
    "metadata": {},
    "name": "sessionsUpdateMutation",
    "operationKind": "mutation",
    "text": "mutation sessionsUpdateMutation(\n  $id: ID!\n  $input: UpdateRemoteHelpSessionResponseInput!\n) {\n  updateRemoteHelpSessionResponse(id: $id, input: $input) {\n    remoteHelpSessionResponse {\n      id\n      deviceName\n      sessionExpirationDateTime\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "835fb8e00ca1478fbc515be0cd30fe52";

export default node;
