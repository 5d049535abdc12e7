/**
 * @generated SignedSource<<460b15732a4a0649b31632f3d0d7efd1>>
 * @relayHash d1cb0cc69cba7c30ac1538d9c0272e99
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

// @relayRequestID 8efd737dbac73ba7ef270bcd06a5109c5f20f8f46651290d2c543c9391980b33

import type { ConcreteRequest } from 'relay-runtime';
export type sessionsQuery$variables = {
  after?: string | null | undefined;
  first: number;
};
export type sessionsQuery$data = {
  readonly remoteHelpSessionResponses: {
    readonly edges: ReadonlyArray<{
      readonly node: {
        readonly deviceName: string | null | undefined;
        readonly id: string;
        readonly sessionExpirationDateTime: string | null | undefined;
      } | null | undefined;
    }>;
  } | null | undefined;
};
export type sessionsQuery = {
  response: sessionsQuery$data;
  variables: sessionsQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "after"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "first"
},
v2 = [
  {
    "alias": null,
    "args": null,
    "concreteType": "RemoteHelpSessionResponseEdge",
    "kind": "LinkedField",
    "name": "edges",
    "plural": true,
    "selections": [
      {
        "alias": null,
        "args": null,
        "concreteType": "RemoteHelpSessionResponse",
        "kind": "LinkedField",
        "name": "node",
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
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "__typename",
            "storageKey": null
          }
        ],
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "cursor",
        "storageKey": null
      }
    ],
    "storageKey": null
  },
  {
    "alias": null,
    "args": null,
    "concreteType": "PageInfo",
    "kind": "LinkedField",
    "name": "pageInfo",
    "plural": false,
    "selections": [
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "endCursor",
        "storageKey": null
      },
      {
        "alias": null,
        "args": null,
        "kind": "ScalarField",
        "name": "hasNextPage",
        "storageKey": null
      }
    ],
    "storageKey": null
  }
],
v3 = [
  {
    "kind": "Variable",
    "name": "after",
    "variableName": "after"
  },
  {
    "kind": "Variable",
    "name": "first",
    "variableName": "first"
  }
];
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "sessionsQuery",
    "selections": [
      {
        "alias": "remoteHelpSessionResponses",
        "args": null,
        "concreteType": "RemoteHelpSessionResponseConnection",
        "kind": "LinkedField",
        "name": "__sessions_remoteHelpSessionResponses_connection",
        "plural": false,
        "selections": (v2/*:: as any*/),
        "storageKey": null
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "sessionsQuery",
    "selections": [
      {
        "alias": null,
        "args": (v3/*:: as any*/),
        "concreteType": "RemoteHelpSessionResponseConnection",
        "kind": "LinkedField",
        "name": "remoteHelpSessionResponses",
        "plural": false,
        "selections": (v2/*:: as any*/),
        "storageKey": null
      },
      {
        "alias": null,
        "args": (v3/*:: as any*/),
        "filters": null,
        "handle": "connection",
        "key": "sessions_remoteHelpSessionResponses",
        "kind": "LinkedHandle",
        "name": "remoteHelpSessionResponses"
      }
    ]
  },
  "params": {
    "cacheID": "d1cb0cc69cba7c30ac1538d9c0272e99",
    "id": "8efd737dbac73ba7ef270bcd06a5109c5f20f8f46651290d2c543c9391980b33",
    "metadata": {
      "connection": [
        {
          "count": "first",
          "cursor": "after",
          "direction": "forward",
          "path": [
            "remoteHelpSessionResponses"
          ]
        }
      ]
    },
    "name": "sessionsQuery",
    "operationKind": "query",
    "text": "query sessionsQuery(\n  $first: Int!\n  $after: String\n) {\n  remoteHelpSessionResponses(first: $first, after: $after) {\n    edges {\n      node {\n        id\n        deviceName\n        sessionExpirationDateTime\n        __typename\n      }\n      cursor\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "91ecff055a4d7adc452a73cb52e5f26f";

export default node;
