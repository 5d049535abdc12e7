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

/** What comes to a hundred megabytes and more, by what stops it. */
export const aliasedSecrets = {
  /** More values than an operation may ask for. */
  tooMany: [
    { query: byIds(tokens(190)), variables: again },
    { query: `${lists('...F')} fragment F on RemoteHelpSessionResponse { ${tokens(180)} }` },
  ],
  /** As many values as it may ask for, in a larger answer than there may be; the second is graphql-js's to execute. */
  tooLarge: [
    { query: byIds(tokens(50)), variables: again },
    { query: byIds(`${tokens(49)} ... @include(if: true) { last: acsHelperUserToken }`), variables: again },
    { query: `${lists('...F')} fragment F on RemoteHelpSessionResponse { ${tokens(50)} }` },
  ],
  /** Values that make no sense, each an error. */
  senseless: [{ query: byIds(times(50, (index) => `a${index}: deviceName`)), variables: again }],
  change: {
    query: `mutation { updateRemoteHelpSessionResponse(id: "long", input: { deviceName: "x" }) {
      remoteHelpSessionResponse { ${tokens(190)} } } }`,
  },
} satisfies Record<string, AliasedSecrets | readonly AliasedSecrets[]>;

/** Gives Graph the sessions that they ask for. */
export function addSecrets({ graph }: Emulator): void {
  for (let index = 0; index < 100; index += 1) {
    const id = `secret-${index}`;
    graph.sessions.set(id, { id, acsHelperUserToken: 't'.repeat(2_000), deviceName: 5 as never });
  }
  graph.sessions.set('long', { id: 'long', acsHelperUserToken: 't'.repeat(100_000) });
}
