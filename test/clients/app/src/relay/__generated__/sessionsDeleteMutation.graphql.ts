/**
 * @generated SignedSource<<3d2b511f7af8f81804bc074d768a36c5>>
 * @relayHash 09fd61546e4deb21c23323dd9205c79e
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 8e4672c69bfa7584ff7c3112f6cc669bbc2b4a0b6a14093e138e8d276bdd75c4

import type { ConcreteRequest } from 'relay-runtime';
export type sessionsDeleteMutation$variables = {
  id: string;
};
export type sessionsDeleteMutation$data = {
  readonly deleteRemoteHelpSessionResponse: {
    readonly deletedId: string;
  } | null | undefined;
};
export type sessionsDeleteMutation = {
  response: sessionsDeleteMutation$data;
  variables: sessionsDeleteMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "id"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "id",
    "variableName": "id"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "deletedId",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "sessionsDeleteMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "DeleteRemoteHelpSessionResponsePayload",
        "kind": "LinkedField",
        "name": "deleteRemoteHelpSessionResponse",
        "plural": false,
        "selections": [
          (v2/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "sessionsDeleteMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "DeleteRemoteHelpSessionResponsePayload",
        "kind": "LinkedField",
        "name": "deleteRemoteHelpSessionResponse",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "filters": null,
            "handle": "deleteRecord",
            "key": "",
            "kind": "ScalarHandle",
            "name": "deletedId"
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "09fd61546e4deb21c23323dd9205c79e",
    "id": "8e4672c69bfa7584ff7c3112f6cc669bbc2b4a0b6a14093e138e8d276bdd75c4",
    "metadata": {},
    "name": "sessionsDeleteMutation",
    "operationKind": "mutation",
    "text": "mutation sessionsDeleteMutation(\n  $id: ID!\n) {\n  deleteRemoteHelpSessionResponse(id: $id) {\n    deletedId\n  }\n}\n"
  }
};
})();

(node as any).hash = "b1fd1552d2f5dad7f5a33d55a0277149";

export default node;
