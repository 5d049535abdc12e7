import type { Shot } from './load.ts';

/** What clients ask for: every server that is measured is sent the same. */
export const scenarios = {
  update: shot(
    `mutation Update($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
      updateRemoteHelpSessionResponse(id: $id, input: $input) {
        remoteHelpSessionResponse { id acsHelperUserId deviceName sessionType sessionExpirationDateTime }
      }
    }`,
    { id: 'session-1', input: { deviceName: 'Reception tablet', sessionType: 'TAKE_FULL_CONTROL' } },
  ),
  read: shot(
    'query Read($id: ID!) { remoteHelpSessionResponse(id: $id) { id deviceName sessionType sessionExpirationDateTime } }',
    { id: 'session-1' },
  ),
  aliases: shot(`query Many { ${Array.from({ length: 100 }, (_, index) => aliased(index)).join(' ')} }`),
} as const satisfies Record<string, Shot>;

function aliased(index: number): string {
  return `a${index}: remoteHelpSessionResponse(id: "session-${index}") { id deviceName sessionType sessionExpirationDateTime }`;
}

function shot(query: string, variables?: object): Shot {
  return { path: '/graphql', body: JSON.stringify({ query, variables }) };
}
