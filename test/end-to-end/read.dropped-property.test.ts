import { expect, it } from 'vitest';
import { graphError } from '../../src/emulator/faults.ts';
import { GRAPH_PROPERTIES } from '../../src/msgraph/sessions/session-properties.ts';
import { startGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const ONE = '{ remoteHelpSessionResponse(id: "session-1") { deviceName sessionType sessionTypes } }';
const TWO = '{ l: remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { deviceName sessionType } }';
const LIST = '{ remoteHelpSessionResponses(first: 1) { nodes { sessionType deviceName } } }';

const unknownProperty = (name: string, text = 'Parsing OData Select and Expand failed: ') =>
  graphError(
    400,
    'BadRequest',
    `${text}Could not find a property named '${name}' on type 'microsoft.graph.retrieveRemoteHelpSessionResponse'.`,
  );

it('reads a property that the type has dropped as null, and does not ask for it again', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.properties.delete('sessionType');
  for (let time = 0; time < 2; time += 1) {
    expect((await query(ONE)).body).toEqual({
      data: { remoteHelpSessionResponse: { deviceName: 'Reception tablet', sessionType: null, sessionTypes: null } },
    });
  }
  expect(sentToGraph(emulator)).toEqual([
    'session-1?$select=deviceName,sessionType',
    'session-1?$select=deviceName',
    'session-1?$select=deviceName',
  ]);
});

it('asks again for the entries of a batch together', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.properties.delete('sessionType');
  emulator.graph.properties.delete('deviceName');
  const { body } = await query(`{
    a: remoteHelpSessionResponse(id: "session-1") { deviceName sessionType acsGroupId }
    b: remoteHelpSessionResponse(id: "session-2") { sessionType acsGroupId }
    c: remoteHelpSessionResponse(id: "session-3") { acsGroupId }
    d: remoteHelpSessionResponse(id: "nobody") { sessionType }
  }`);
  expect(body.errors).toBeUndefined();
  const [a, b, c] = ['session-1', 'session-2', 'session-3'].map((id) => emulator.graph.sessions.get(id)?.acsGroupId);
  expect(body.data).toEqual({
    a: { deviceName: null, sessionType: null, acsGroupId: a },
    b: { sessionType: null, acsGroupId: b },
    c: { acsGroupId: c },
    d: null,
  });
  expect(sentToGraph(emulator)).toEqual([
    [
      'session-1?$select=deviceName,sessionType,acsGroupId',
      'session-2?$select=sessionType,acsGroupId',
      'session-3?$select=acsGroupId',
      'nobody?$select=sessionType',
    ],
    ['session-1?$select=acsGroupId', 'session-2?$select=acsGroupId', 'nobody?$select=acsHelperUserId'],
  ]);
});

it('asks for a list again, and one form of read learns from another', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.properties.delete('sessionType');
  const { body } = await query(LIST);
  expect(body.data.remoteHelpSessionResponses.nodes).toEqual([{ sessionType: null, deviceName: 'Reception tablet' }]);
  await query(TWO);
  expect(sentToGraph(emulator)).toEqual([
    '?$top=1&$select=sessionType,deviceName',
    '?$top=1&$select=deviceName',
    ['session-1?$select=deviceName', 'session-2?$select=deviceName'],
  ]);
});

it('asks for a property again after ten minutes: it may be back', async () => {
  let now = Date.now();
  const { query, emulator } = await startGateway({ dependencies: { clock: () => now } });
  emulator.graph.respondWith(unknownProperty('sessionType'));
  await query(ONE);
  now += 9 * 60_000;
  await query(ONE);
  now += 2 * 60_000;
  const { body } = await query(ONE);
  expect(body.data.remoteHelpSessionResponse.sessionType).toBe('VIEW_SCREEN');
  expect(sentToGraph(emulator).map((url) => String(url).includes('sessionType'))).toEqual([true, false, false, true]);
});

it.each([
  ['without its prefix', unknownProperty('sessionType', '')],
  [
    "inside Intune's document",
    graphError(
      400,
      'BadRequest',
      JSON.stringify({
        _version: 3,
        Message: "Could not find a property named 'sessionType' on type 'x.y'. - Operation ID: 1 - Url: https://i/",
      }),
    ),
  ],
])('understands the message %s', async (_how, fault) => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith(fault);
  expect((await query(ONE)).body.errors).toBeUndefined();
  expect(emulator.graph.requests).toHaveLength(2);
});

it.each([
  ['that is none of ours', unknownProperty('color')],
  ['that was not asked for', unknownProperty('acsHelperUserToken')],
  ['that a message quotes from an id', unknownProperty('sessionType', 'No session has the id ')],
  ['with another status', { ...unknownProperty('sessionType'), status: 403 }],
])('passes a 400 on that names a property %s', async (_which, fault) => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith(fault);
  const { body } = await query(ONE);
  expect(body.errors).toMatchObject([{ extensions: { graph: { status: fault.status } } }]);
  expect(JSON.stringify(body)).not.toContain('Could not find');
  expect((await query(ONE)).body.errors).toBeUndefined();
  expect(sentToGraph(emulator)).toEqual(Array(2).fill('session-1?$select=deviceName,sessionType'));
});

it('never leaves $select out, and ends when Graph knows none of the properties', async () => {
  const { query, emulator } = await startGateway();
  emulator.graph.properties.clear();
  const { body } = await query('{ remoteHelpSessionResponse(id: "session-1") { id sessionKey } }');
  expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  const sent = sentToGraph(emulator);
  expect(sent.length).toBeLessThanOrEqual(GRAPH_PROPERTIES.length);
  for (const [index, url] of sent.entries()) {
    expect(url).toMatch(/\?\$select=\w+$/);
    if (index > 0) expect(url).not.toMatch(/sessionKey|Token|Uri/);
  }
});
