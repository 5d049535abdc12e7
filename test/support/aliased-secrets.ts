import type { Emulator } from '../../src/emulator/emulator.ts';

/** An operation of a few KB that asks for one long text again and again. */
export interface AliasedSecrets {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');
const tokens = (count: number) => times(count, (index) => `a${index}: acsHelperUserToken`);
const again = { ids: Array(1_000).fill('secret-0') };
const byIds = (fields: string) => `query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { ${fields} } }`;
const lists = (fields: string) =>
  `{ ${times(10, (index) => `l${index}: remoteHelpSessionResponses(first: 100) { nodes { ${fields} } }`)} }`;

const fragment = (fields: string) => `fragment F on RemoteHelpSessionResponse { ${fields} }`;

/** A place in a list that the emulator takes, spelt as long as a gateway takes it. */
function longCursor(): string {
  const token = `${Buffer.from('RemoteHelp:0').toString('base64url')}${'~'.repeat(14_500)}`;
  return Buffer.from(JSON.stringify([`$skiptoken=${token}`, 0, 100])).toString('base64url');
}

/** What would come to tens of megabytes and more, by what it tries. */
export const aliasedSecrets = {
  'more values than there may be': { query: byIds(tokens(190)), variables: again },
  'more values than there may be, in lists': { query: `${lists('...F')} ${fragment(tokens(180))}` },
  'one id again and again': { query: byIds(tokens(50)), variables: again },
  'one id again and again, executed by graphql-js': {
    query: byIds(`${tokens(49)} ... @include(if: true) { last: acsHelperUserToken }`),
    variables: again,
  },
  'cursors that go on from one of the client, executed by graphql-js': {
    query: `query ($after: String) { ${times(10, (index) => `l${index}: remoteHelpSessionResponses(first: 6, after: $after) { edges { ...E } }`)} }
      fragment E on RemoteHelpSessionResponseEdge { ${times(185, (index) => `c${index}: cursor`)} node @include(if: true) { id } }`,
    variables: { after: longCursor() },
  },
  'ten lists': { query: `${lists('...F')} ${fragment(tokens(50))}` },
  'values that make no sense, each an error': {
    query: byIds(times(50, (index) => `a${index}: deviceName`)),
    variables: again,
  },
  'a text that JSON makes six times as long': {
    query: `{ remoteHelpSessionResponse(id: "escaped") { ${tokens(190)} } }`,
  },
  'an update': {
    query: `mutation { updateRemoteHelpSessionResponse(id: "long", input: { deviceName: "x" }) {
      remoteHelpSessionResponse { ${tokens(190)} } } }`,
  },
} satisfies Record<string, AliasedSecrets>;

/** Gives Graph the sessions that they ask for. */
export function addSecrets({ graph }: Emulator): void {
  for (let index = 0; index < 100; index += 1) {
    const id = `secret-${index}`;
    graph.sessions.set(id, { id, acsHelperUserToken: 't'.repeat(2_000), deviceName: 5 as never });
  }
  graph.sessions.set('escaped', { id: 'escaped', acsHelperUserToken: '\u0001'.repeat(40_000) });
  graph.sessions.set('long', { id: 'long', acsHelperUserToken: 't'.repeat(100_000) });
}
