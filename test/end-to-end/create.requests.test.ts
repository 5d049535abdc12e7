import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { anyText } from '../support/any-text.ts';
import { createdSession, createSession } from '../support/change-session.ts';
import { dateTimeOffsets } from '../support/date-time-offsets.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const ODATA_TYPE = '#microsoft.graph.retrieveRemoteHelpSessionResponse';
const sent = ({ emulator }: TestGateway) => emulator.graph.requests;

it('creates a session through Graph with a token obtained on behalf of the caller', async () => {
  const gateway = await startGateway();
  const token = gateway.emulator.entra.mintToken({ oid: 'somebody' });
  const headers = { cookie: 'canary=1', prefer: 'canary', 'if-match': 'canary' };
  const answer = await createSession(gateway, { token, headers });
  expect(answer.body).toEqual({
    data: { createRemoteHelpSessionResponse: { remoteHelpSessionResponse: { id: 'new', deviceName: 'Tablet' } } },
  });
  expect(sent(gateway)).toMatchObject([
    {
      method: 'POST',
      url: '/beta/RemoteHelpSessionRetrieveResponse',
      oid: 'somebody',
      status: 201,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
    },
  ]);
  expect(sent(gateway)[0]?.body).toStrictEqual({ '@odata.type': ODATA_TYPE, sessionKey: 'new', deviceName: 'Tablet' });
  expect(sent(gateway)[0]?.headers['client-request-id']).toMatch(/^[\da-f-]{36}$/);
  expect(sent(gateway)[0]?.authorization).not.toContain(token);
  expect(JSON.stringify(sent(gateway)[0]?.headers)).not.toContain('canary');
  expect(gateway.emulator.graph.sessions.get('new')).toMatchObject({ deviceName: 'Tablet' });
});

it('goes where the settings say', async () => {
  const gateway = await startGateway({ env: { GRAPH_SESSIONS_PATH: 'deviceManagement/helpSessions' } });
  gateway.emulator.graph.sessionsPath = 'deviceManagement/helpSessions';
  expect(createdSession(await createSession(gateway))).toEqual({ id: 'new', deviceName: 'Tablet' });
  expect(sent(gateway)).toMatchObject([{ url: '/beta/deviceManagement/helpSessions' }]);
});

describe('the body', () => {
  test.each([
    ['one field', { deviceName: 'Tablet' }, { deviceName: 'Tablet' }],
    ['an explicit null', { deviceName: null }, { deviceName: null }],
    ['an empty text', { deviceName: '' }, { deviceName: '' }],
    ['one type', { sessionType: 'TAKE_FULL_CONTROL' }, { sessionType: 'takeFullControl' }],
    ['a list of types', { sessionTypes: ['ELEVATION', 'VIEW_SCREEN'] }, { sessionType: 'viewScreen,elevation' }],
    ['null types', { sessionTypes: null }, { sessionType: null }],
    [
      'every field',
      {
        acsHelperUserToken: 'a',
        acsHelperUserId: 'b',
        acsSharerUserId: 'c',
        acsGroupId: 'd',
        sessionType: 'ELEVATION',
        deviceName: 'e',
        pubSubGroupId: 'f',
        pubSubHelperAccessUri: 'wss://g',
        sessionExpirationDateTime: '2031-03-01T09:30:00.1234567-08:00',
      },
      {
        acsHelperUserToken: 'a',
        acsHelperUserId: 'b',
        acsSharerUserId: 'c',
        acsGroupId: 'd',
        sessionType: 'elevation',
        deviceName: 'e',
        pubSubGroupId: 'f',
        pubSubHelperAccessUri: 'wss://g',
        sessionExpirationDateTime: '2031-03-01T09:30:00.1234567-08:00',
      },
    ],
  ])('holds exactly what was given, however often the document comes: %s', async (_name, input, expected) => {
    const gateway = await startGateway();
    const ids = new Set<unknown>();
    for (let round = 0; round < 12; round += 1) {
      const answer = await createSession(gateway, { input, fields: 'id sessionKey' });
      expect(answer.body.errors).toBeUndefined();
      // Without a key of its own the emulator makes one: a new session each time.
      ids.add(createdSession(answer)?.id);
    }
    expect(ids.size).toBe(12);
    expect(sent(gateway).map(({ body }) => body)).toStrictEqual(
      Array(12).fill({ '@odata.type': ODATA_TYPE, ...expected }),
    );
  });

  it('does not hold what a variable left out', async () => {
    const gateway = await startGateway();
    const document = `mutation ($key: String, $name: String) {
      createRemoteHelpSessionResponse(input: { sessionKey: $key, deviceName: $name }) { remoteHelpSessionResponse { id } }
    }`;
    for (let round = 0; round < 12; round += 1) {
      expect((await gateway.query(document, { variables: { name: 'x' } })).body.errors).toBeUndefined();
    }
    expect(sent(gateway).map(({ body }) => body)).toEqual(
      Array(12).fill({ '@odata.type': ODATA_TYPE, deviceName: 'x' }),
    );
  });

  it('carries any text and date there and back', async () => {
    const gateway = await startGateway();
    await fc.assert(
      fc.asyncProperty(anyText({ minLength: 1 }), dateTimeOffsets(), async (text, sessionExpirationDateTime) => {
        gateway.emulator.graph.sessions.clear();
        const input = { sessionKey: text, deviceName: text, sessionExpirationDateTime };
        const answer = await createSession(gateway, { input, fields: 'id deviceName sessionExpirationDateTime' });
        expect(createdSession(answer)).toEqual({ id: text, deviceName: text, sessionExpirationDateTime });
        expect(sent(gateway).at(-1)?.body).toEqual({ '@odata.type': ODATA_TYPE, ...input });
      }),
      { numRuns: 40 },
    );
  });
});

describe('an input that is refused here: nothing is sent', () => {
  test.each([
    ['no field at all', {}],
    ['sessionType and sessionTypes', { sessionType: 'ELEVATION', sessionTypes: ['ELEVATION'] }],
    ['UNKNOWN_FUTURE_VALUE', { sessionType: 'UNKNOWN_FUTURE_VALUE' }],
    ['an empty list of types', { sessionTypes: [] }],
  ])('%s', async (_name, input) => {
    const gateway = await startGateway();
    const { status, body } = await createSession(gateway, { input });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: { createRemoteHelpSessionResponse: null },
      errors: [
        {
          path: ['createRemoteHelpSessionResponse'],
          extensions: { code: 'BAD_USER_INPUT', outcome: 'NOT_APPLIED' },
        },
      ],
    });
    expect(sent(gateway)).toEqual([]);
    expect(gateway.emulator.entra.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  test.each([
    ['a date that is none', { sessionExpirationDateTime: '2026-02-30T00:00:00Z' }],
    ['a text that is a number', { deviceName: 7 }],
    ['webClientUri, which is only answered', { webClientUri: 'https://x' }],
    ['an id, which is Graph’s to give', { id: 'x' }],
    ['null', null],
  ])('%s, before anything runs', async (_name, input) => {
    const gateway = await startGateway();
    const { status, body } = await createSession(gateway, { input });
    expect(status).toBe(400);
    expect(body.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(sent(gateway)).toEqual([]);
  });
});
