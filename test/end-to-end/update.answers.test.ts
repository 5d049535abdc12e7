import { describe, expect, it, test } from 'vitest';
import { forRequests } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { allFields, patches, updatedSession, updateSession } from '../support/update-session.ts';

const ODATA_TYPE = '#microsoft.graph.retrieveRemoteHelpSessionResponse';

/** Has Graph answer the next update with this body. */
const answerWith = ({ emulator }: TestGateway, body: unknown) =>
  emulator.graph.respondWith(forRequests({ method: 'PATCH' }, { status: 200, body }));

it('updates a session through Graph with a token obtained on behalf of the caller', async () => {
  const gateway = await startGateway();
  const answer = await updateSession(gateway);
  expect(answer.body).toEqual({
    data: { updateRemoteHelpSessionResponse: { remoteHelpSessionResponse: { id: 'session-1', deviceName: 'Tablet' } } },
  });
  const { entra, graph } = gateway.emulator;
  expect(graph.requests).toMatchObject([
    {
      method: 'PATCH',
      url: '/beta/RemoteHelpSessionRetrieveResponse/session-1',
      body: { '@odata.type': ODATA_TYPE, deviceName: 'Tablet' },
      oid: '0b5e7e57-9abc-4def-8012-3456789abcde',
    },
  ]);
  expect(entra.requests.filter(({ method }) => method === 'POST')).toMatchObject([
    { form: { requested_token_use: 'on_behalf_of', client_id: entra.clientId } },
  ]);
  expect(graph.sessions.get('session-1')).toMatchObject({ deviceName: 'Tablet', sessionKey: 'session-1' });
});

describe('the answer to an update is what Graph answered', () => {
  it('every field of it', async () => {
    const gateway = await startGateway();
    const before = gateway.emulator.graph.sessions.get('session-3') ?? {};
    const answer = await updateSession(gateway, { id: 'session-3', input: { deviceName: 'New' }, fields: allFields });
    expect(updatedSession(answer)).toEqual({
      ...before,
      id: 'session-3',
      deviceName: 'New',
      sessionType: 'ELEVATION',
      sessionTypes: ['VIEW_SCREEN', 'ELEVATION'],
    });
  });

  test.each([
    ['flat', { '@odata.type': ODATA_TYPE, deviceName: "Graph's" }],
    ['flat, not annotated', { deviceName: "Graph's" }],
    ['wrapped', { value: { '@odata.type': ODATA_TYPE, deviceName: "Graph's" } }],
    ['wrapped, not annotated', { value: { deviceName: "Graph's" } }],
    ['wrapped, with a context', { '@odata.context': 'x', value: { deviceName: "Graph's" } }],
    ['with properties that nobody knows', { deviceName: "Graph's", newInBeta: { deep: [1] }, id: 'its own' }],
  ])('%s, never an echo of the input', async (_form, body) => {
    const gateway = await startGateway();
    answerWith(gateway, body);
    const answer = await updateSession(gateway, { fields: 'id deviceName acsGroupId sessionTypes' });
    expect(answer.body).toEqual({
      data: {
        updateRemoteHelpSessionResponse: {
          remoteHelpSessionResponse: {
            id: 'session-1',
            deviceName: "Graph's",
            acsGroupId: null,
            sessionTypes: null,
          },
        },
      },
    });
    expect(gateway.emulator.graph.requests).toHaveLength(1);
  });

  test.each([
    ['missing', {}],
    ['null', Object.fromEntries(allFields.split(/\s+/).map((name) => [name, null]))],
  ])('null where its properties are %s', async (_how, body) => {
    const gateway = await startGateway();
    answerWith(gateway, body);
    const { body: answered } = await updateSession(gateway, { fields: allFields });
    const { id, ...others } = answered.data.updateRemoteHelpSessionResponse.remoteHelpSessionResponse;
    expect(id).toBe('session-1');
    expect(Object.keys(others)).toHaveLength(12);
    expect(new Set(Object.values(others))).toEqual(new Set([null]));
    expect(answered.errors).toBeUndefined();
  });

  test.each([
    ['viewScreen,elevation', 'ELEVATION', ['VIEW_SCREEN', 'ELEVATION']],
    ['viewScreen, unattended', 'UNATTENDED', ['VIEW_SCREEN', 'UNATTENDED']],
    ['unknownFutureValue', 'UNKNOWN_FUTURE_VALUE', ['UNKNOWN_FUTURE_VALUE']],
    ['viewScreen,teleport', 'VIEW_SCREEN', ['VIEW_SCREEN', 'UNKNOWN_FUTURE_VALUE']],
    ['10', 'UNATTENDED', ['TAKE_FULL_CONTROL', 'UNATTENDED']],
    [0, null, []],
  ])('flags: %j', async (onTheWire, sessionType, sessionTypes) => {
    const gateway = await startGateway();
    answerWith(gateway, { sessionType: onTheWire });
    const answer = await updateSession(gateway, { fields: 'sessionType sessionTypes' });
    expect(updatedSession(answer)).toEqual({ sessionType, sessionTypes });
    expect(answer.body.errors).toBeUndefined();
  });
});

describe('a property of the wrong type', () => {
  it('is the error of its fields alone, and says that the update was applied', async () => {
    const gateway = await startGateway();
    answerWith(gateway, {
      deviceName: 'Tablet',
      sessionType: { canary: 1 },
      sessionKey: ['canary'],
      sessionExpirationDateTime: 'canary',
      acsGroupId: 'group',
    });
    const { status, body } = await updateSession(gateway, {
      fields: 'id deviceName key: sessionKey sessionType sessionTypes sessionExpirationDateTime acsGroupId',
    });
    expect(status).toBe(200);
    expect(body.data.updateRemoteHelpSessionResponse.remoteHelpSessionResponse).toEqual({
      id: 'session-1',
      deviceName: 'Tablet',
      key: null,
      sessionType: null,
      sessionTypes: null,
      sessionExpirationDateTime: null,
      acsGroupId: 'group',
    });
    const at = (field: string) => ['updateRemoteHelpSessionResponse', 'remoteHelpSessionResponse', field];
    const fields = ['key', 'sessionType', 'sessionTypes', 'sessionExpirationDateTime'];
    const byField = new Map(body.errors.map((error: { path: string[] }) => [error.path.at(-1), error]));
    expect(body.errors).toHaveLength(fields.length);
    for (const field of fields) {
      expect(byField.get(field)).toMatchObject({
        path: at(field),
        extensions: { code: 'UPSTREAM_UNAVAILABLE', outcome: 'APPLIED' },
      });
    }
    expect(JSON.stringify(body.errors)).not.toContain('canary');
  });

  it('that nobody selected is nobody’s error', async () => {
    const gateway = await startGateway();
    answerWith(gateway, { deviceName: 'Tablet', sessionKey: 1 });
    expect((await updateSession(gateway)).body.errors).toBeUndefined();
  });
});

describe('an update that Graph answers without content', () => {
  it('is followed by a read of what was selected', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.patchAnswers = 204;
    const answer = await updateSession(gateway, {
      input: { deviceName: 'Tablet', sessionTypes: ['UNATTENDED', 'VIEW_SCREEN'] },
      fields: 'id deviceName sessionType',
    });
    expect(updatedSession(answer)).toEqual({ id: 'session-1', deviceName: 'Tablet', sessionType: 'UNATTENDED' });
    expect(gateway.emulator.graph.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'PATCH /beta/RemoteHelpSessionRetrieveResponse/session-1',
      'GET /beta/RemoteHelpSessionRetrieveResponse/session-1?$select=deviceName,sessionType',
    ]);
  });

  it('was applied, also when the read fails', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.patchAnswers = 204;
    gateway.emulator.graph.respondWith(forRequests({ method: 'GET' }, { status: 403, body: { error: { code: 'x' } } }));
    const { body } = await updateSession(gateway);
    expect(body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', outcome: 'APPLIED' } }]);
    expect(patches(gateway)).toHaveLength(1);
  });
});

test.each([
  ['a list', [], 'UNKNOWN'],
  ['a list in value', { value: [{ deviceName: 'x' }] }, 'UNKNOWN'],
  ['null in value', { value: null }, 'UNKNOWN'],
  ['an error with status 200', { error: { code: 'x', message: 'canary' } }, 'UNKNOWN'],
])('an answer that is %s makes no sense', async (_what, body, outcome) => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith(
    forRequests({ method: 'PATCH' }, { status: 200, headers: { 'Content-Type': 'application/json' }, body }),
  );
  const answer = await updateSession(gateway);
  expect(answer.body.data).toEqual({ updateRemoteHelpSessionResponse: null });
  expect(answer.body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', outcome } }]);
  expect(JSON.stringify(answer.body)).not.toContain('canary');
});
