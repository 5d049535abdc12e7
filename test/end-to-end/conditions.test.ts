import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const read = (selection: string) => `remoteHelpSessionResponse(id: "session-1") { ${selection} }`;
const update = (selection: string) =>
  `updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "Tablet" }) { remoteHelpSessionResponse { ${selection} } }`;
const secretsIf = (variable: string) => `deviceName sessionKey @include(if: $${variable})`;

/** A document is executed in another way once it is known. */
const USES = 3;

describe('the conditions of another operation of the document do not count', () => {
  const several = `
    query Plain { ${read('deviceName')} }
    mutation Change { ${update('deviceName')} }
    query Needs($secrets: Boolean!) { ${read(secretsIf('secrets'))} }
    mutation Spreads($secrets: Boolean!) { ${update('...Secrets')} }
    fragment Secrets on RemoteHelpSessionResponse { ${secretsIf('secrets')} }`;

  it.each([
    ['Plain', { remoteHelpSessionResponse: { deviceName: 'Reception tablet' } }, 'session-1?$select=deviceName'],
    [
      'Change',
      { updateRemoteHelpSessionResponse: { remoteHelpSessionResponse: { deviceName: 'Tablet' } } },
      'PATCH session-1',
    ],
  ])('%s', async (operationName, data, sent) => {
    const { query, emulator } = await startGateway();
    for (let use = 1; use <= USES; use += 1) {
      expect(await query(several, { operationName })).toMatchObject({ status: 200, body: { data } });
    }
    expect(sentToGraph(emulator)).toEqual(Array(USES).fill(sent));
  });

  it('and those of the operation itself do', async () => {
    const { query, emulator } = await startGateway();
    for (const [secrets, select] of [
      [true, 'deviceName,sessionKey'],
      [false, 'deviceName'],
    ] as const) {
      const { body } = await query(several, { operationName: 'Needs', variables: { secrets } });
      expect(body.errors).toBeUndefined();
      expect(sentToGraph(emulator).at(-1)).toBe(`session-1?$select=${select}`);
    }
    const { status, body } = await query(several, { operationName: 'Spreads' });
    expect([status, body.data]).toEqual([400, undefined]);
    expect(emulator.graph.requests).toHaveLength(2);
  });
});

describe('a condition inside of what is left out does not count', () => {
  const inner = 'sessionKey @include(if: $b)';
  it.each([
    ['an inline fragment', `{ ${read(`deviceName ... @include(if: $a) { ${inner} }`)} }`],
    [
      'a fragment',
      `{ ${read('deviceName ...F @include(if: $a)')} } fragment F on RemoteHelpSessionResponse { ${inner} }`,
    ],
    ['a field', `{ ${read('deviceName')} left: ${read(inner).replace('{', '@include(if: $a) {')} }`],
    [
      '@skip before @include',
      `{ ${read('deviceName sessionKey @skip(if: true) @include(if: $b) ... @include(if: $a) { id }')} }`,
    ],
  ])('%s', async (_name, selections) => {
    const { query, emulator } = await startGateway();
    const document = `query ($a: Boolean!, $b: Boolean = true) ${selections}`;
    for (let use = 1; use <= USES; use += 1) {
      expect(await query(document, { variables: { a: false, b: null } })).toMatchObject({
        status: 200,
        body: { data: { remoteHelpSessionResponse: { deviceName: 'Reception tablet' } } },
      });
    }
    expect(sentToGraph(emulator)).toEqual(Array(USES).fill('session-1?$select=deviceName'));
  });

  it.each([
    ['an inline fragment', `{ ${update(`deviceName ... @include(if: $a) { ${inner} }`)} }`],
    [
      'a fragment',
      `{ ${update('deviceName ...F @include(if: $a)')} } fragment F on RemoteHelpSessionResponse { ${inner} }`,
    ],
    ['a fragment of the root', `{ ...F @include(if: $a) } fragment F on Mutation { ${update(inner)} }`],
  ])('and in %s that is not left out it is refused, and nothing is sent', async (_name, selections) => {
    const { query, emulator } = await startGateway();
    const document = `mutation ($a: Boolean!, $b: Boolean = true) ${selections}`;
    for (let use = 1; use <= USES; use += 1) {
      const { status, body } = await query(document, { variables: { a: true, b: null } });
      expect([status, body.data]).toEqual([400, undefined]);
      expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    expect(emulator.graph.requests).toEqual([]);
  });
});
