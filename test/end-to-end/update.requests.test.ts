import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { anyText } from '../support/any-text.ts';
import { dateTimeOffsets } from '../support/date-time-offsets.ts';
import { startGateway } from '../support/gateway.ts';
import { allFields, patches, updatedSession, updateSession } from '../support/update-session.ts';

const ODATA_TYPE = '#microsoft.graph.retrieveRemoteHelpSessionResponse';
const PREFIX = '/beta/RemoteHelpSessionRetrieveResponse/';
const GUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

describe('the request to Graph', () => {
  it('has the caller’s own new token, a fresh id and nothing of the client’s', async () => {
    const gateway = await startGateway();
    const token = gateway.emulator.entra.mintToken({ oid: 'somebody' });
    const headers = { cookie: 'canary=1', 'x-custom': 'canary', prefer: 'canary', 'if-match': 'canary' };
    await updateSession(gateway, { token, headers });
    await updateSession(gateway, { token, headers });
    const [first, second] = patches(gateway).map((request) => request.headers);
    expect(patches(gateway)).toMatchObject([{ oid: 'somebody' }, { oid: 'somebody' }]);
    expect(first).toMatchObject({ accept: 'application/json', 'content-type': 'application/json' });
    expect(first?.authorization).not.toContain(token);
    expect(first?.['client-request-id']).toMatch(GUID);
    expect(second?.['client-request-id']).not.toBe(first?.['client-request-id']);
    expect(JSON.stringify(first)).not.toContain('canary');
  });

  it('goes where the settings say', async () => {
    const gateway = await startGateway({ env: { GRAPH_SESSIONS_PATH: 'deviceManagement/helpSessions' } });
    gateway.emulator.graph.sessionsPath = 'deviceManagement/helpSessions';
    expect(updatedSession(await updateSession(gateway))).toEqual({ id: 'session-1', deviceName: 'Tablet' });
    expect(patches(gateway)).toMatchObject([{ url: '/beta/deviceManagement/helpSessions/session-1' }]);
  });
});

describe('the body', () => {
  test.each([
    ['one field', { deviceName: 'Tablet' }, { deviceName: 'Tablet' }],
    ['an explicit null', { deviceName: null }, { deviceName: null }],
    ['every null', nulls(), { ...nulls(), sessionTypes: undefined, sessionType: null }],
    ['an empty text', { deviceName: '' }, { deviceName: '' }],
    ['one type', { sessionType: 'TAKE_FULL_CONTROL' }, { sessionType: 'takeFullControl' }],
    ['a list of types', { sessionTypes: ['ELEVATION', 'VIEW_SCREEN'] }, { sessionType: 'viewScreen,elevation' }],
    ['types given twice', { sessionTypes: ['ELEVATION', 'ELEVATION'] }, { sessionType: 'elevation' }],
    ['a type for a list', { sessionTypes: 'UNATTENDED' }, { sessionType: 'unattended' }],
    ['null types', { sessionTypes: null }, { sessionType: null }],
  ])('holds exactly what was given, however often the document comes: %s', async (_name, input, sent) => {
    const gateway = await startGateway();
    for (let round = 0; round < 12; round += 1) {
      const { body } = await updateSession(gateway, { input });
      expect(body.errors).toBeUndefined();
    }
    expect(patches(gateway).map((request) => request.body)).toEqual(
      Array(12).fill({ '@odata.type': ODATA_TYPE, ...sent }),
    );
  });

  it('does not hold what a variable left out, however often the document comes', async () => {
    const gateway = await startGateway();
    const document = `mutation ($name: String, $group: String, $expires: DateTimeOffset) {
      updateRemoteHelpSessionResponse(
        id: "session-1", input: { deviceName: $name, acsGroupId: $group, sessionExpirationDateTime: $expires }
      ) { remoteHelpSessionResponse { id } }
    }`;
    // A document that is used often is executed by other code.
    for (let round = 0; round < 12; round += 1) {
      expect((await gateway.query(document, { variables: { group: null } })).body.errors).toBeUndefined();
    }
    const sent = patches(gateway).map(({ body }) => body);
    expect(sent).toEqual(Array(12).fill({ '@odata.type': ODATA_TYPE, acsGroupId: null }));
  });

  it('holds the default of a variable that was left out', async () => {
    const gateway = await startGateway();
    const document = `mutation ($key: String = "given") {
      updateRemoteHelpSessionResponse(id: "session-1", input: { sessionKey: $key }) { remoteHelpSessionResponse { id } }
    }`;
    await gateway.query(document);
    expect(patches(gateway)[0]?.body).toEqual({ '@odata.type': ODATA_TYPE, sessionKey: 'given' });
  });

  it('carries dates digit for digit, there and back', async () => {
    const gateway = await startGateway();
    await fc.assert(
      fc.asyncProperty(dateTimeOffsets(), fc.boolean(), async (sessionExpirationDateTime, asLiteral) => {
        const answer = asLiteral
          ? await gateway.query(
              `mutation { updateRemoteHelpSessionResponse(
                id: "session-1", input: { sessionExpirationDateTime: "${sessionExpirationDateTime}" }
              ) { remoteHelpSessionResponse { sessionExpirationDateTime } } }`,
            )
          : await updateSession(gateway, { input: { sessionExpirationDateTime }, fields: 'sessionExpirationDateTime' });
        expect(patches(gateway).at(-1)?.body).toEqual({ '@odata.type': ODATA_TYPE, sessionExpirationDateTime });
        expect(updatedSession(answer)).toEqual({ sessionExpirationDateTime });
      }),
      { numRuns: 60, examples: [['2016-12-31T23:59:57.5564522-08:00', false]] },
    );
  });

  it('carries any text, there and back', async () => {
    const gateway = await startGateway();
    await fc.assert(
      fc.asyncProperty(anyText(), async (deviceName) => {
        const answer = await updateSession(gateway, { input: { deviceName } });
        expect(answer.body.errors).toBeUndefined();
        expect(patches(gateway).at(-1)?.body).toEqual({ '@odata.type': ODATA_TYPE, deviceName });
        expect(updatedSession(answer)).toMatchObject({ deviceName });
      }),
      { numRuns: 40 },
    );
  });
});

describe('the id', () => {
  it('reaches Graph as the same key, whatever is in it, as one path segment', async () => {
    const gateway = await startGateway();
    const { sessions } = gateway.emulator.graph;
    const ids = fc
      .oneof(
        anyText({ minLength: 1, maxLength: 100 }),
        anyText({ minLength: 1, maxLength: 60 }),
        fc.stringMatching(/^[%./\\?#&=+:;@ '"2fFeE]{1,60}$/),
      )
      .filter((id) => !/^\.{1,2}$|^\$|[()]|^microsoft\.graph\./i.test(id));
    const examples = [
      'a/b',
      '%2F',
      '..%2f..',
      '?$select=x',
      '#',
      "o'key",
      '"',
      '...',
      'a$count',
      '../x',
      'a b+c',
      'Zürich 🦊',
    ];
    await fc.assert(
      fc.asyncProperty(ids, async (id) => {
        sessions.clear();
        sessions.set(id, { deviceName: 'before' });
        const answer = await updateSession(gateway, { id });
        expect(updatedSession(answer)).toEqual({ id, deviceName: 'Tablet' });
        expect([...sessions]).toEqual([[id, { deviceName: 'Tablet' }]]);
        const url = patches(gateway).at(-1)?.url ?? '';
        expect(url.slice(0, PREFIX.length)).toBe(PREFIX);
        expect(url.slice(PREFIX.length)).not.toMatch(/[/?#]/);
      }),
      { numRuns: 80, examples: examples.map((id) => [id]) },
    );
  });

  test.each([
    ['512 characters', 'ü'.repeat(512)],
    ['a number', 42],
  ])('may be %s', async (_name, id) => {
    const gateway = await startGateway();
    gateway.emulator.graph.sessions.set(String(id), {});
    expect(updatedSession(await updateSession(gateway, { id }))).toMatchObject({ id: String(id) });
  });
});

function nulls(): Record<string, null> {
  const fields = allFields.split(/\s+/).filter((name) => !['id', 'webClientUri', 'sessionType'].includes(name));
  return Object.fromEntries(fields.map((name) => [name, null]));
}
