import { expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const SECRETS = ['acsHelperUserToken', 'pubSubHelperAccessUri', 'sessionKey', 'webClientUri'];

it.each([
  ['aliases', '{ s(id: "session-1") { a: deviceName b: deviceName c: acsGroupId } }', 'deviceName,acsGroupId'],
  ['sessionTypes, which need sessionType', '{ s(id: "session-1") { sessionTypes } }', 'sessionType'],
  ['sessionType and sessionTypes once', '{ s(id: "session-1") { sessionTypes sessionType } }', 'sessionType'],
  ['id alone, which is no property of Graph', '{ s(id: "session-1") { id } }', 'deviceName'],
  ['__typename alone', '{ s(id: "session-1") { __typename } }', 'deviceName'],
  ['id beside a property', '{ s(id: "session-1") { id pubSubGroupId } }', 'pubSubGroupId'],
  [
    'fragments, named, nested and inline',
    `{ s(id: "session-1") { ...A ... on RemoteHelpSessionResponse { acsGroupId } ... { deviceName } } }
    fragment A on RemoteHelpSessionResponse { ...B } fragment B on RemoteHelpSessionResponse { acsSharerUserId }`,
    'acsSharerUserId,acsGroupId,deviceName',
  ],
  ['fragments of the root', '{ ...R } fragment R on Query { s(id: "session-1") { deviceName } }', 'deviceName'],
  [
    'literal @include and @skip',
    `{ s(id: "session-1") {
      deviceName @include(if: true) sessionKey @include(if: false) acsGroupId @skip(if: false) webClientUri @skip(if: true)
      ... @include(if: false) { acsHelperUserToken } ...F @skip(if: true)
    } } fragment F on RemoteHelpSessionResponse { pubSubHelperAccessUri }`,
    'deviceName,acsGroupId',
  ],
])('asks Graph for %s', async (_name, document, select) => {
  const { query, emulator } = await startGateway();
  const { body } = await query(document.replace(/\bs\(/, 's: remoteHelpSessionResponse('));
  expect(body.errors).toBeUndefined();
  expect(sentToGraph(emulator)).toEqual([`session-1?$select=${select}`]);
});

it('resolves @include and @skip with variables and their defaults', async () => {
  const { query, emulator } = await startGateway();
  const document = `query ($yes: Boolean!, $no: Boolean = false) { remoteHelpSessionResponse(id: "session-1") {
    deviceName sessionKey @include(if: $no) acsHelperUserToken @skip(if: $yes) acsGroupId @skip(if: $no)
    ... on RemoteHelpSessionResponse @include(if: $yes) { pubSubGroupId } } }`;
  const withDefault = await query(document, { variables: { yes: true } });
  const { deviceName, acsGroupId, pubSubGroupId } = emulator.graph.sessions.get('session-1') ?? {};
  expect(withDefault.body.data.remoteHelpSessionResponse).toEqual({ deviceName, acsGroupId, pubSubGroupId });
  await query(document, { variables: { yes: false, no: true } });
  expect(sentToGraph(emulator)).toEqual([
    'session-1?$select=deviceName,acsGroupId,pubSubGroupId',
    'session-1?$select=deviceName,sessionKey,acsHelperUserToken',
  ]);
});

it('merges all selections of the same id, wherever they stand, into one', async () => {
  const { query, emulator } = await startGateway();
  const { body } = await query(`{
    a: remoteHelpSessionResponse(id: "session-1") { deviceName }
    b: remoteHelpSessionResponse(id: "session-1") { acsGroupId deviceName }
    a: remoteHelpSessionResponse(id: "session-1") { pubSubGroupId }
    c: remoteHelpSessionResponsesById(ids: ["session-1", "session-1"]) { sessionTypes }
  }`);
  const { acsGroupId, pubSubGroupId } = emulator.graph.sessions.get('session-1') ?? {};
  expect(body).toEqual({
    data: {
      a: { deviceName: 'Reception tablet', pubSubGroupId },
      b: { acsGroupId, deviceName: 'Reception tablet' },
      c: [{ sessionTypes: ['VIEW_SCREEN'] }, { sessionTypes: ['VIEW_SCREEN'] }],
    },
  });
  expect(sentToGraph(emulator)).toEqual(['session-1?$select=deviceName,pubSubGroupId,acsGroupId,sessionType']);
});

it('selects for each id in a batch only what was selected of it', async () => {
  const { query, emulator } = await startGateway();
  await query(`{
    a: remoteHelpSessionResponse(id: "session-1") { deviceName }
    b: remoteHelpSessionResponse(id: "session-2") { acsHelperUserToken }
    c: remoteHelpSessionResponsesById(ids: ["session-2", "session-3"]) { id }
  }`);
  expect(sentToGraph(emulator)).toEqual([
    ['session-1?$select=deviceName', 'session-2?$select=acsHelperUserToken', 'session-3?$select=deviceName'],
  ]);
});

it('never asks for a secret that nobody selected, whatever the form of the read', async () => {
  const { query, emulator } = await startGateway();
  const plain =
    'acsHelperUserId acsSharerUserId acsGroupId sessionTypes deviceName pubSubGroupId sessionExpirationDateTime';
  await query(`{ remoteHelpSessionResponse(id: "session-1") { id ${plain} } }`);
  await query(`{ remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { id ${plain} } }`);
  await query(`{ remoteHelpSessionResponses { nodes { ${plain} } edges { cursor } pageInfo { hasNextPage } } }`);
  const sent = JSON.stringify(sentToGraph(emulator));
  expect(emulator.graph.requests).toHaveLength(3);
  for (const secret of SECRETS) expect(sent).not.toContain(secret);
});

it.each([
  ['{ nodes { deviceName } edges { node { acsGroupId } cursor } }', 'deviceName,acsGroupId'],
  ['{ edges { node { id } } }', 'sessionKey'],
  ['{ nodes { id deviceName } }', 'sessionKey,deviceName'],
  ['{ nodes { sessionKey id } }', 'sessionKey'],
  ['{ pageInfo { endCursor } }', 'deviceName'],
  [
    '{ nodes { deviceName sessionKey @skip(if: true) } nodes { ...F } } fragment F on RemoteHelpSessionResponse { sessionTypes }',
    'deviceName,sessionType',
  ],
])('selects of a list what %s needs', async (selection, select) => {
  const { query, emulator } = await startGateway();
  const { body } = await query(selection.replace(/^\{(.*?)\}( fragment.*)?$/, '{ remoteHelpSessionResponses {$1} }$2'));
  expect(body.errors).toBeUndefined();
  expect(sentToGraph(emulator)).toEqual([`?$top=20&$select=${select}`]);
});
