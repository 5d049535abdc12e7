import { describe, expect, it, test } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { updateSession } from '../support/update-session.ts';

/** Nothing went out for it: no exchange, no call to Graph. */
function expectNothingSent({ emulator: { entra, graph } }: TestGateway): void {
  expect(graph.requests).toEqual([]);
  expect(entra.requests.filter(({ method }) => method === 'POST')).toEqual([]);
}

describe('an input that only the resolver can refuse', () => {
  test.each([
    ['no field at all', {}],
    ['sessionType and sessionTypes', { sessionType: 'ELEVATION', sessionTypes: ['ELEVATION'] }],
    ['both of them null', { sessionType: null, sessionTypes: null }],
    ['UNKNOWN_FUTURE_VALUE', { sessionType: 'UNKNOWN_FUTURE_VALUE' }],
    ['UNKNOWN_FUTURE_VALUE in a list', { sessionTypes: ['ELEVATION', 'UNKNOWN_FUTURE_VALUE'] }],
    ['an empty list of types', { sessionTypes: [] }],
  ])('%s', async (_name, input) => {
    const gateway = await startGateway();
    const { status, body } = await updateSession(gateway, { input });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { updateRemoteHelpSessionResponse: null },
      errors: [
        {
          message: expect.any(String),
          path: ['updateRemoteHelpSessionResponse'],
          locations: expect.any(Array),
          extensions: { code: 'BAD_USER_INPUT', outcome: 'NOT_APPLIED' },
        },
      ],
    });
    expectNothingSent(gateway);
  });

  test.each(['', '.', '..', 'x'.repeat(513), 'half a \ud83e surrogate'])('the id %j', async (id) => {
    const gateway = await startGateway();
    const { body } = await updateSession(gateway, { id });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', outcome: 'NOT_APPLIED' } }]);
    expectNothingSent(gateway);
  });
});

describe('an input that is refused before anything runs', () => {
  test.each([
    ['a date without an offset', { sessionExpirationDateTime: '2026-01-01T00:00:00' }, 'DateTimeOffset'],
    ['a date that is none', { sessionExpirationDateTime: '2026-02-30T00:00:00Z' }, 'DateTimeOffset'],
    ['lower-case z', { sessionExpirationDateTime: '2026-01-01T00:00:00z' }, 'DateTimeOffset'],
    ['a second 60', { sessionExpirationDateTime: '2026-12-31T23:59:60Z' }, 'DateTimeOffset'],
    ['8 digits', { sessionExpirationDateTime: '2026-01-01T00:00:00.12345678Z' }, 'DateTimeOffset'],
    ['+14:01', { sessionExpirationDateTime: '2026-01-01T00:00:00+14:01' }, 'DateTimeOffset'],
    ['a newline behind a date', { sessionExpirationDateTime: '2026-01-01T00:00:00Z\n' }, 'DateTimeOffset'],
    ['a date as a number', { sessionExpirationDateTime: 1767225600 }, 'DateTimeOffset'],
    ['a text that is a number', { deviceName: 7 }, 'String'],
    ['a text that is a list', { deviceName: ['Tablet'] }, 'String'],
    ['a type of Graph’s spelling', { sessionType: 'viewScreen' }, 'SessionType'],
    ['a type that does not exist', { sessionTypes: ['ELEVATION', 'TELEPORT'] }, 'input.sessionTypes[1]'],
    ['null among the types', { sessionTypes: [null] }, 'SessionType'],
    ['a field that does not exist', { deviceNames: 'Tablet' }, 'deviceNames'],
    ['webClientUri, which is only answered', { webClientUri: 'https://x' }, 'webClientUri'],
    ['id, which is no property', { id: 'x' }, '"id"'],
    ['no object', 'deviceName', 'UpdateRemoteHelpSessionResponseInput'],
    ['null', null, 'must not be null'],
  ])('%s', async (_name, input, named) => {
    const gateway = await startGateway();
    const { status, body } = await updateSession(gateway, { input });
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(body.errors[0].extensions).not.toHaveProperty('outcome');
    expect(body.errors[0].message).toContain(named);
    expectNothingSent(gateway);
  });

  test.each([null, {}, ['a'], true, 1.5])('the id %j', async (id) => {
    const gateway = await startGateway();
    const { status, body } = await updateSession(gateway, { id });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expectNothingSent(gateway);
  });

  it('each wrong field is named by its own error', async () => {
    const gateway = await startGateway();
    const { body } = await updateSession(gateway, { input: { deviceName: 1, acsGroupId: 2, sessionType: 3 } });
    expect(body.errors.map(({ message }: { message: string }) => /at "([^"]+)"/.exec(message)?.[1])).toEqual([
      'input.acsGroupId',
      'input.sessionType',
      'input.deviceName',
    ]);
  });

  test.each([
    [
      'a variable that is not given',
      'mutation ($id: ID!) { updateRemoteHelpSessionResponse(id: $id, input: {deviceName: ""}) { __typename } }',
    ],
    ['no input', 'mutation { updateRemoteHelpSessionResponse(id: "x") { __typename } }'],
    [
      'a literal of the wrong type',
      'mutation { updateRemoteHelpSessionResponse(id: "x", input: {deviceName: 1}) { __typename } }',
    ],
    [
      'a literal date that is none',
      'mutation { updateRemoteHelpSessionResponse(id: "x", input: {sessionExpirationDateTime: "x"}) { __typename } }',
    ],
    [
      'a field twice',
      'mutation { updateRemoteHelpSessionResponse(id: "x", input: {deviceName: "a", deviceName: "b"}) { __typename } }',
    ],
    [
      'a field of the answer that does not exist',
      'mutation { updateRemoteHelpSessionResponse(id: "x", input: {deviceName: "a"}) { nothing } }',
    ],
  ])('%s', async (_name, document) => {
    const gateway = await startGateway();
    const { status, body } = await gateway.query(document);
    expect(status).toBe(400);
    expect(body.errors[0].extensions.code).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
    expectNothingSent(gateway);
  });
});

it('after every kind of bad input the server goes on', async () => {
  const gateway = await startGateway();
  for (const input of [{}, null, { sessionTypes: [] }, { deviceName: {} }]) await updateSession(gateway, { input });
  expect((await updateSession(gateway)).body.errors).toBeUndefined();
});
