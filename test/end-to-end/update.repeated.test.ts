import { describe, expect, it, test } from 'vitest';
import { delayed, entraError, forRequests, graphError, repeated } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { allFields, patches } from '../support/update-session.ts';

/** More often than a document must come before it is executed by code that was compiled for it. */
const ROUNDS = 12;
const every = (fault: Parameters<typeof repeated>[1]) => repeated(Number.POSITIVE_INFINITY, fault);

interface Scenario {
  readonly document: string;
  readonly variables?: Record<string, unknown>;
  readonly prepare?: (gateway: TestGateway) => void;
}

const update = (fields: string, args = 'id: "session-1", input: { deviceName: "Tablet" }') =>
  `updateRemoteHelpSessionResponse(${args}) { remoteHelpSessionResponse { ${fields} } }`;
const wrongTypes = {
  sessionKey: 1,
  sessionType: {},
  sessionExpirationDateTime: 'x',
  deviceName: 'Tablet',
  acsGroupId: ['x'],
};

const scenarios: Record<string, Scenario> = {
  'every field': { document: `mutation { ${update(allFields)} }` },
  'aliases, fragments and conditions': {
    document: `mutation ($yes: Boolean!, $no: Boolean!) {
      first: ${update('...Name key: id @include(if: $no) ... @skip(if: $no) { types: sessionTypes __typename }')}
      second: ${update('...Name kind: sessionType', 'id: "session-3", input: { sessionTypes: [ELEVATION] }')}
      third: ${update('id')} @include(if: $yes)
    }
    fragment Name on RemoteHelpSessionResponse { deviceName }`,
    variables: { yes: true, no: false },
  },
  'an answer with properties of wrong types': {
    document: `mutation { ${update('id mine: sessionKey sessionType sessionTypes sessionExpirationDateTime deviceName acsGroupId')} }`,
    prepare: ({ emulator }) =>
      emulator.graph.respondWith(every(forRequests({ method: 'PATCH' }, { status: 200, body: wrongTypes }))),
  },
  'an id that Graph does not know, among others': {
    document: `mutation { a: ${update('id')} b: ${update('id', 'id: "gone", input: { deviceName: "x" }')} c: ${update('id')} }`,
  },
  'an input that the resolver refuses': {
    document: `mutation ($input: UpdateRemoteHelpSessionResponseInput!) { ${update('id', 'id: "session-1", input: $input')} }`,
    variables: { input: { sessionType: 'UNKNOWN_FUTURE_VALUE' } },
  },
  'variables of the wrong type': {
    document: `mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) { ${update('id', 'id: $id, input: $input')} }`,
    variables: { id: 'session-1', input: { deviceName: 7, sessionTypes: ['ELEVATION', 'X'], nothing: 1 } },
  },
  'a date that is none': {
    document: `mutation ($input: UpdateRemoteHelpSessionResponseInput!) { ${update('id', 'id: "session-1", input: $input')} }`,
    variables: { input: { sessionExpirationDateTime: '2026-02-30T00:00:00Z' } },
  },
  'a missing variable': {
    document: `mutation ($id: ID!) { ${update('id', 'id: $id, input: { deviceName: "Tablet" }')} }`,
  },
  'an id that is a number': {
    document: `mutation ($id: ID!) { ${update('id', 'id: $id, input: { deviceName: "Tablet" }')} }`,
    variables: { id: 7 },
    prepare: ({ emulator }) => emulator.graph.sessions.set('7', {}),
  },
  'one value for a list': {
    document: `mutation ($input: UpdateRemoteHelpSessionResponseInput!) { ${update('sessionTypes', 'id: "session-1", input: $input')} }`,
    variables: { input: { sessionTypes: 'ELEVATION', deviceName: null } },
  },
  'a refusal of Graph': {
    document: `mutation { ${update('id')} }`,
    prepare: ({ emulator }) => emulator.graph.respondWith(every(graphError(409, 'Conflict'))),
  },
  'a user who must act': {
    document: `mutation { ${update('id')} }`,
    prepare: ({ emulator }) =>
      emulator.entra.respondWith(
        every(
          forRequests({ method: 'POST' }, entraError(50076, { claims: '{"access_token":{"acrs":{"value":"c1"}}}' })),
        ),
      ),
  },
};

/** Without what must differ from call to call. */
const comparable = (value: unknown) =>
  JSON.parse(JSON.stringify(value).replace(/"[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}"|"[^"]+ GMT"/g, '"varies"'));

describe('an operation that comes again and again gets the same answer', () => {
  test.each(Object.keys(scenarios))('%s', async (name) => {
    const { document, variables, prepare } = scenarios[name] as Scenario;
    const gateway = await startGateway();
    prepare?.(gateway);
    const rounds: unknown[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const seen = gateway.emulator.graph.requests.length;
      const { status, headers, body } = await gateway.query(document, variables === undefined ? {} : { variables });
      const sent = gateway.emulator.graph.requests.slice(seen);
      rounds.push(
        comparable({
          status,
          type: headers['content-type'],
          challenge: headers['www-authenticate'] ?? null,
          data: body.data ?? null,
          errors: body.errors ?? null,
          sent: sent.map(({ method, url, body: json }) => ({ method, url, json: json ?? null })),
        }),
      );
    }
    for (const round of rounds) expect(round).toEqual(rounds[0]);
  });
});

it('updates of one operation run one after the other, however often it comes', async () => {
  const gateway = await startGateway();
  const ids = ['session-1', 'session-2', 'session-3'];
  const document = `mutation { ${ids
    .map((id, index) => `u${index}: ${update('id', `id: "${id}", input: { deviceName: "${index}" }`)}`)
    .join(' ')} }`;
  for (let round = 0; round < ROUNDS; round += 1) {
    gateway.emulator.graph.respondWith(forRequests({ path: /session-1$/ }, delayed(5)));
    expect((await gateway.query(document)).body.errors).toBeUndefined();
  }
  expect(patches(gateway).map(({ url }) => url.slice(-9))).toEqual(Array(ROUNDS).fill(ids).flat());
});
