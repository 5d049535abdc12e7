import { describe, expect, it, test } from 'vitest';
import { forRequests, graphError, repeated } from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';
import { patches, updateSession } from '../support/update-session.ts';

/** Text such as Intune writes it: it names the object, and may quote what was sent. */
const canary = 'canary: https://fef.example/sessions(fake-session-key-1)?token=eyJhbGciOi';

describe('what Graph refuses', () => {
  test.each([
    [400, 'BAD_USER_INPUT'],
    [402, 'FORBIDDEN'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [409, 'CONFLICT'],
    [410, 'NOT_FOUND'],
    [412, 'CONFLICT'],
    [422, 'BAD_USER_INPUT'],
    [423, 'CONFLICT'],
    [501, 'UPSTREAM_UNAVAILABLE'],
  ])('%i is %s, not applied, asked once', async (status, code) => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(forRequests({ method: 'PATCH' }, graphError(status, 'ThatCode', canary)));
    const answer = await updateSession(gateway);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      data: { updateRemoteHelpSessionResponse: null },
      errors: [
        {
          message: expect.any(String),
          path: ['updateRemoteHelpSessionResponse'],
          locations: expect.any(Array),
          extensions: {
            code,
            outcome: 'NOT_APPLIED',
            graph: {
              status,
              code: 'ThatCode',
              requestId: expect.stringMatching(/^[\da-f-]{36}$/),
              clientRequestId: patches(gateway)[0]?.headers['client-request-id'],
              date: expect.stringMatching(/ GMT$/),
            },
          },
        },
      ],
    });
    expect(gateway.emulator.graph.requests).toHaveLength(1);
    expect(JSON.stringify(answer.body) + gateway.logText()).not.toContain('canary');
  });

  it('an unknown id is NOT_FOUND, and nothing is created', async () => {
    const gateway = await startGateway();
    const { body } = await updateSession(gateway, { id: 'nobody-has-this' });
    expect(body.errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND', outcome: 'NOT_APPLIED', graph: { status: 404, code: 'ResourceNotFound' } } },
    ]);
    expect(body.errors[0].message).not.toContain('nobody-has-this');
    expect(gateway.emulator.graph.sessions.has('nobody-has-this')).toBe(false);
  });

  it('a missing Graph permission is FORBIDDEN', async () => {
    const gateway = await startGateway();
    gateway.emulator.entra.grantedScopes = ['DeviceManagementConfiguration.Read.All'];
    const { body } = await updateSession(gateway);
    expect(body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', outcome: 'NOT_APPLIED' } }]);
    expect(JSON.stringify(body)).not.toContain('DeviceManagement');
  });

  it('a property that this Graph has dropped is BAD_USER_INPUT', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.properties.delete('sessionType');
    const { body } = await updateSession(gateway, { input: { sessionType: 'ELEVATION' } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', outcome: 'NOT_APPLIED' } }]);
  });

  it('leaves the other updates of the operation their answers, and those behind it still run', async () => {
    const gateway = await startGateway();
    const { status, body } = await gateway.query(`mutation {
      first: updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "a" }) { remoteHelpSessionResponse { id } }
      gone: updateRemoteHelpSessionResponse(id: "gone", input: { deviceName: "b" }) { remoteHelpSessionResponse { id } }
      empty: updateRemoteHelpSessionResponse(id: "session-1", input: {}) { remoteHelpSessionResponse { id } }
      last: updateRemoteHelpSessionResponse(id: "session-2", input: { deviceName: "c" }) { remoteHelpSessionResponse { id } }
    }`);
    expect(status).toBe(200);
    expect(body.data).toEqual({
      first: { remoteHelpSessionResponse: { id: 'session-1' } },
      gone: null,
      empty: null,
      last: { remoteHelpSessionResponse: { id: 'session-2' } },
    });
    expect(body.errors).toMatchObject([
      { path: ['gone'], extensions: { code: 'NOT_FOUND', outcome: 'NOT_APPLIED' } },
      { path: ['empty'], extensions: { code: 'BAD_USER_INPUT', outcome: 'NOT_APPLIED' } },
    ]);
    expect(patches(gateway).map(({ status }) => status)).toEqual([200, 404, 200]);
  });
});

describe('a gateway that is set up wrongly', () => {
  it('says nothing about a path that Graph does not know, and names the setting in the log', async () => {
    const gateway = await startGateway({ env: { GRAPH_SESSIONS_PATH: 'NotThere' } });
    const { status, body } = await updateSession(gateway);
    expect(status).toBe(200);
    expect(body.errors).toMatchObject([
      {
        message: 'The gateway failed. The operator has been told.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', outcome: 'NOT_APPLIED', graph: { status: 400 } },
      },
    ]);
    const [line] = gateway.logs().filter(({ level }) => level === 50);
    expect(line?.hint).toContain('GRAPH_SESSIONS_PATH');
  });

  it.each([405, 406, 413, 415])('blames nobody for status %i, which its own request got', async (status) => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(graphError(status, 'x', canary));
    const { body } = await updateSession(gateway);
    expect(body.errors).toMatchObject([
      {
        message: 'The gateway failed. The operator has been told.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', outcome: 'NOT_APPLIED' },
      },
    ]);
    expect(JSON.stringify(body) + gateway.logText()).not.toContain('canary');
  });
});

describe('a failure that nobody foresaw', () => {
  const broken = () => {
    throw new TypeError('canary of a bug');
  };

  it('is masked for the client, logged with its stack, and leaves the server up', async () => {
    const gateway = await startGateway({ dependencies: { random: broken } });
    gateway.emulator.graph.respondWith(repeated(1, graphError(503, 'x')));
    const { status, body } = await updateSession(gateway);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { updateRemoteHelpSessionResponse: null },
      errors: [
        {
          message: 'The gateway failed. The operator has been told.',
          path: ['updateRemoteHelpSessionResponse'],
          locations: expect.any(Array),
          extensions: { code: 'INTERNAL_SERVER_ERROR', outcome: 'UNKNOWN' },
        },
      ],
    });
    const [line] = gateway.logs().filter(({ level }) => level === 50);
    expect(line).toMatchObject({
      err: { type: 'TypeError', message: 'canary of a bug', stack: expect.stringMatching('update.failures.test') },
    });
    expect((await updateSession(gateway)).body.errors).toBeUndefined();
  });

  it('of a query has no outcome', async () => {
    const gateway = await startGateway({ dependencies: { random: broken } });
    gateway.emulator.graph.respondWith(graphError(503, 'x'));
    const { body } = await gateway.query('{ remoteHelpSessionResponse(id: "session-1") { deviceName } }');
    expect(body.data).toEqual({ remoteHelpSessionResponse: null });
    expect(body.errors).toMatchObject([{ message: 'The gateway failed. The operator has been told.' }]);
    expect(body.errors[0].extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
    expect(gateway.logText()).toContain('canary of a bug');
  });
});
