import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { startGateway } from '../support/gateway.ts';

const KIB_200 = 200 * 1024;
const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join('');
const filled = (unit: string) => unit.repeat(KIB_200 / unit.length);
const single = 'remoteHelpSessionResponse';
const list = 'remoteHelpSessionResponses';
const byIds = 'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { id } }';
const update = `mutation ($input: UpdateRemoteHelpSessionResponseInput!) {
  updateRemoteHelpSessionResponse(id: "x", input: $input) { __typename } }`;

/** As large, or as costly for a GraphQL library, as a document within the body limit can be. */
const documents: Readonly<Record<string, string>> = {
  'comments only': `${'#\n'.repeat(80_000)}{ __typename }`,
  'commas only': `${filled(',')}{ __typename }`,
  'line ends only': `${'\n'.repeat(120_000)}{ __typename }`,
  'opening braces': filled('{'),
  'opening brackets': `{ ${single}(id: ${filled('[')}`,
  'fields, deep': filled('{a'),
  'fields, deep and closed': `${'{a'.repeat(60_000)}${'}'.repeat(60_000)}`,
  'inline fragments, deep': `{${'...{'.repeat(1_600)}id${'}'.repeat(1_600)}}`,
  'lists, deep': `{ ${single}(id: ${'['.repeat(2_400)}${']'.repeat(2_400)}) { id } }`,
  'objects, deep': `{ ${single}(id: ${'{a:'.repeat(1_200)}1${'}'.repeat(1_200)}) { id } }`,
  'types, deep': `query ($a: ${'['.repeat(2_400)}Int${']'.repeat(2_400)}) { __typename }`,
  'a long text': `{ ${single}(id: "${filled('a')}") { id } }`,
  'a long text of escapes': `{ ${single}(id: "${filled('\\u0041')}") { id } }`,
  'a long block text': `{ ${single}(id: """${' \n'.repeat(80_000)}""") { id } }`,
  'a long text that never ends': `{ ${single}(id: "${filled('a')}`,
  'a long name of a field': `{ ${filled('a')} }`,
  'a long name of an argument': `{ ${single}(${filled('a')}: 1) { id } }`,
  'a long name of a type': `query ($a: ${filled('a')}) { __typename }`,
  'a long enum value': `mutation { updateRemoteHelpSessionResponse(id: "1", input: { sessionType: ${filled('A')} }) { __typename } }`,
  'a long number': `{ ${single}(id: ${filled('1')}) { id } }`,
  'one field again and again': `{ ${times(1_200, () => `${single}(id:"1"){id}`)} }`,
  'one field 240 times, four deep': `{ ${times(240, () => `${list}{edges{node{id}}}`)} }`,
  'one field with a long argument': `{ ${times(240, () => `${single}(id:"${'a'.repeat(800)}"){id}`)} }`,
  'unknown fields': `{ ${times(4_900, (i) => `f${i} `)} }`,
  'unknown arguments': `{ ${single}(${times(1_200, (i) => `a${i}: 1 `)}) { id } }`,
  'unknown input fields': `mutation { updateRemoteHelpSessionResponse(id: "1", input: { ${times(1_200, (i) => `a${i}: 1 `)} }) { __typename } }`,
  'wrong values': `{ remoteHelpSessionResponsesById(ids: [${times(4_900, () => 'A ')}]) { id } }`,
  operations: times(1_200, (i) => `query q${i} { id } `),
  'operations over a chain of fragments': `${times(250, (i) => `query q${i} { ...f0 } `)}${times(250, (i) => `fragment f${i} on Query { ...f${i + 1} } `)}`,
  'fragments that double each other': `{ ...f0 } ${times(350, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} } `)}`,
  'fragments that hold each other in every way': `{ ...f0 } ${times(40, (i) => `fragment f${i} on Query { ${times(38, (j) => `...f${j} `)} } `)}`,
  'fragments with one field each': `{ ${times(300, (i) => `...f${i} `)} } ${times(300, (i) => `fragment f${i} on Query { ${list} { nodes { id } } } `)}`,
  'variables of one name': `query (${times(1_200, () => '$a: Int ')}) { __typename }`,
  'variables that nothing uses': `query (${times(1_200, (i) => `$a${i}: Int `)}) { __typename }`,
  'directives of one name': `{ __typename ${times(1_000, () => '@skip(if: true) ')} }`,
  'directives on a variable': `query ($a: Int ${times(2_000, () => '@x ')}) { __typename }`,
};

const variables: Readonly<Record<string, readonly [string, Record<string, unknown>]>> = {
  '40,000 wrong ids': [byIds, { ids: Array(40_000).fill(true) }],
  '1,900 wrong ids': [byIds, { ids: Array(1_900).fill(true) }],
  '20,000 ids': [byIds, { ids: Array.from({ length: 20_000 }, (_, i) => `i${i}`) }],
  '15,000 unknown fields': [
    update,
    { input: Object.fromEntries(Array.from({ length: 15_000 }, (_, i) => [`device${i}`, 1])) },
  ],
  '1,900 unknown fields': [
    update,
    { input: Object.fromEntries(Array.from({ length: 1_900 }, (_, i) => [`device${i}`, 1])) },
  ],
  '1,900 wrong enum values': [update, { input: { sessionTypes: Array(1_900).fill('VIEWSCREEN') } }],
  'a long text in the wrong place': [update, { input: { sessionType: filled('A') } }],
  'a text for a date': [update, { input: { sessionExpirationDateTime: filled('2') } }],
  'a long id': [byIds, { ids: [filled('a')] }],
  'variables that nothing asks for': [
    '{ __typename }',
    Object.fromEntries(Array.from({ length: 15_000 }, (_, i) => [`a${i}`, 1])),
  ],
  'lists, deep': [byIds, { ids: JSON.parse(`${'['.repeat(1_900)}${']'.repeat(1_900)}`) }],
};

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** Processor time, so that a busy machine does not count; the least of three, so that a compiling engine does not. */
async function leastCpuMs(send: () => Promise<unknown>): Promise<number> {
  const spent: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const before = process.cpuUsage();
    await send();
    const { user, system } = process.cpuUsage(before);
    spent.push((user + system) / 1_000);
  }
  return Math.min(...spent);
}

const all = [
  ...Object.entries(documents).map(([name, document]) => [`a document of ${name}`, document, {}] as const),
  ...Object.entries(variables).map(([name, [document, values]]) => [`variables of ${name}`, document, values] as const),
];

it.each(all)('spends little on %s', async (_name, document, values) => {
  const gateway = await startGateway({ emulator });
  const token = emulator.entra.mintToken();
  await gateway.query('{ __typename }', { token });
  const send = () => gateway.query(document, { token, variables: values });
  const { status, body } = await send();
  expect([200, 400]).toContain(status);
  for (const error of body.errors ?? []) {
    expect(error.extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
    expect(error.message).not.toContain('stack');
  }
  expect(JSON.stringify(body).length).toBeLessThan(512 * 1024);
  // An honest request costs about 5 ms here, client included; without the limits some of these take seconds.
  expect(await leastCpuMs(send)).toBeLessThan(150);
});
