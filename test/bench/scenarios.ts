import type { Shot } from './load.ts';

/** The same work as GraphQL for the gateway (and the tutorial), and as plain HTTP for the floor. */
export interface Scenario {
  readonly graphql: Shot;
  readonly floor: Shot;
}

const input = { deviceName: 'Reception tablet', sessionType: 'TAKE_FULL_CONTROL' };
const patch = { '@odata.type': '#microsoft.graph.retrieveRemoteHelpSessionResponse', deviceName: 'Reception tablet' };

const update: Scenario = {
  graphql: post(
    `mutation Update($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
      updateRemoteHelpSessionResponse(id: $id, input: $input) {
        remoteHelpSessionResponse { id acsHelperUserId deviceName sessionType sessionExpirationDateTime }
      }
    }`,
    { id: 'session-1', input },
  ),
  floor: { method: 'PATCH', path: '/', body: JSON.stringify({ ...patch, sessionType: 'takeFullControl' }) },
};

const read: Scenario = {
  graphql: post(
    'query Read($id: ID!) { remoteHelpSessionResponse(id: $id) { id deviceName sessionType sessionExpirationDateTime } }',
    { id: 'session-1' },
  ),
  floor: { method: 'GET', path: '/' },
};

const ids = Array.from({ length: 100 }, (_, index) => `session-${index}`);
const selection = '{ id deviceName sessionType sessionExpirationDateTime }';
const select = 'deviceName,sessionType,sessionExpirationDateTime';

const aliases: Scenario = {
  graphql: post(
    `query Many { ${ids.map((id, index) => `a${index}: remoteHelpSessionResponse(id: "${id}") ${selection}`).join(' ')} }`,
  ),
  floor: {
    method: 'POST',
    path: '/batch',
    body: JSON.stringify(
      [0, 20, 40, 60, 80].map((start) =>
        JSON.stringify({
          requests: ids.slice(start, start + 20).map((id, index) => ({
            id: String(index),
            method: 'GET',
            url: `/RemoteHelpSessionRetrieveResponse/${id}?$select=${select}`,
          })),
        }),
      ),
    ),
  },
};

export const scenarios = { update, read, aliases };

function post(query: string, variables?: object): Shot {
  return { method: 'POST', path: '/graphql', body: JSON.stringify({ query, variables }) };
}
