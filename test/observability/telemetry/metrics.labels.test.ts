import { assert, constantFrom, property, string, uniqueArray } from 'fast-check';
import { expect, it } from 'vitest';
import { graphError } from '../../../src/emulator/faults.ts';
import { GatewayError, type GatewayErrorCode } from '../../../src/errors.ts';
import { HttpFailure, type HttpFailureKind } from '../../../src/http/http-failure.ts';
import { operationCode } from '../../../src/observability/operation-code.ts';
import { startOperationRecord } from '../../../src/observability/operation-record.ts';
import {
  exchangeFailureReason,
  exchangeFailureReasons,
} from '../../../src/observability/telemetry/exchange-failure-reason.ts';
import { failureKind, httpFailureKinds } from '../../../src/observability/telemetry/failure-kind.ts';
import { allFields, updateSession } from '../../support/update-session.ts';
import { operationLine } from '../log/operation-line.ts';
import { startObservedGateway } from '../observed-gateway.ts';

/** Every label that a metric of the gateway may have, with all of its values that these tests can bring about. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  type: ['query', 'mutation', 'unknown'],
  code: [
    'OK',
    'FORBIDDEN',
    'GRAPHQL_PARSE_FAILED',
    'GRAPHQL_VALIDATION_FAILED',
    'BAD_REQUEST',
    'BAD_USER_INPUT',
    'UNAUTHENTICATED',
  ],
  upstream: ['graph', 'entra'],
  method: ['GET', 'POST', 'PATCH'],
  result: ['2xx', '4xx', 'hit', 'miss'],
  reason: exchangeFailureReasons,
  cache: ['verified_tokens', 'graph_tokens', 'documents', 'persisted_queries'],
  stat: ['p50', 'p99', 'max'],
  kind: [
    'resident',
    'heap_used',
    'heap_limit',
    'ordinary',
    'audit',
    'unknown_property',
    'unknown_member',
    'wrong_type',
    'missing_annotation',
  ],
};
const CANARY = 'canary0c5f';

it('nothing that a client or Graph sends becomes a label', async () => {
  const gateway = await startObservedGateway();
  const { query, emulator, receiver } = gateway;
  const token = await emulator.entra.mintToken();
  emulator.graph.respondWith(graphError(403, `${CANARY}Code`, CANARY));
  for (const document of [
    `query ${CANARY} { remoteHelpSessionResponse(id: "session-1") { deviceName } }`,
    `query ${CANARY}2 { __typename }`,
    `{ remoteHelpSessionResponse(id: "${CANARY}") { ${CANARY}: deviceName } }`,
    `subscription ${CANARY} { x }`,
    `${CANARY} {`,
    `{ ${CANARY} }`,
  ]) {
    await query(document, { token, headers: { 'user-agent': CANARY, 'x-request-id': CANARY } });
  }
  await query('{ __typename }', { token: `${CANARY}.x.y` });
  await updateSession(gateway, { token, input: { deviceName: CANARY } });
  await gateway.http(`/graphql?query=${CANARY}&${CANARY}=1`);
  await gateway.http(`/${CANARY}`);
  await gateway.http('/graphql', { method: 'PUT', headers: { authorization: `Bearer ${token}` } });
  await operationLine(gateway, 9);
  await gateway.flush();

  const points = receiver.metricNames().flatMap((name) => receiver.points(name));
  expect(points.length).toBeGreaterThan(10);
  for (const { labels } of points) {
    for (const [name, value] of Object.entries(labels)) expect(LABELS[name]).toContain(value);
  }
});

it('no secret, id, document or token is in a span or a metric', async () => {
  const gateway = await startObservedGateway();
  const { query, emulator, receiver } = gateway;
  const token = await emulator.entra.mintToken();
  const secrets = {
    acsHelperUserToken: `${CANARY}-token`,
    pubSubHelperAccessUri: `wss://${CANARY}.example/?access_token=${CANARY}`,
    sessionKey: `${CANARY}-key`,
  };
  await updateSession(gateway, { token, input: secrets, fields: allFields });
  await query(`{ remoteHelpSessionResponse(id: "session-1") { ${allFields} } }`, { token });
  await query(`{ remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { ${allFields} } }`, { token });
  await query(`{ remoteHelpSessionResponse(id: "${CANARY}") { deviceName } }`, { token });
  const page = await query('{ remoteHelpSessionResponses(first: 1) { nodes { id } pageInfo { endCursor } } }', {
    token,
  });
  const { endCursor } = page.body.data.remoteHelpSessionResponses.pageInfo;
  await query(`{ remoteHelpSessionResponses(first: 1, after: "${endCursor}") { nodes { id } } }`, { token });
  emulator.graph.respondWith(graphError(400, CANARY, CANARY));
  await updateSession(gateway, { token, input: secrets });
  await operationLine(gateway, 7);
  await gateway.flush();

  const text = receiver.text();
  expect(receiver.spans().length).toBeGreaterThan(14);
  expect(text).toContain('/RemoteHelpSessionRetrieveResponse/{id}');
  for (const secret of [
    CANARY,
    'session-1',
    'fake-',
    'deviceName',
    'Reception',
    '$select',
    'skiptoken',
    endCursor,
    'eyJ',
    token,
    emulator.entra.clientSecret,
    emulator.entra.tenantId,
  ]) {
    expect(text).not.toContain(secret);
  }
});

it('every code that is not known is one and the same label', () => {
  const codes = new Set<string>();
  assert(
    property(uniqueArray(string(), { maxLength: 3 }), constantFrom(200, 401, 503), (errorCodes, status) => {
      const record = startOperationRecord();
      record.errorCodes.push(...errorCodes);
      codes.add(operationCode(record, status, false));
    }),
  );
  assert(
    property(constantFrom(...Object.getOwnPropertyNames(Object.prototype)), (name) => {
      const record = startOperationRecord();
      record.errorCodes.push(name);
      codes.add(operationCode(record, 200, false));
    }),
  );
  expect([...codes].sort()).toStrictEqual(['BAD_REQUEST', 'INTERNAL_SERVER_ERROR', 'OK', 'OTHER']);
});

it('every kind of failed exchange is its own label, and anything else is "other"', () => {
  const kinds: Record<HttpFailureKind, true> = {
    refused: true,
    unreachable: true,
    broken: true,
    slow: true,
    'too-large': true,
    timeout: true,
    cancelled: true,
  };
  for (const kind of Object.keys(kinds) as HttpFailureKind[]) {
    expect(failureKind(new HttpFailure(kind, true))).toBe(kind);
  }
  expect([...httpFailureKinds].sort()).toEqual(Object.keys(kinds).sort());
  for (const other of [new Error(CANARY), { kind: CANARY }, CANARY, null, undefined]) {
    expect(failureKind(other)).toBe('other');
  }
});

it('every failed exchange has its reason, and anything else is "other"', () => {
  const reason = (code: GatewayErrorCode, details = {}) =>
    exchangeFailureReason(new GatewayError(code, CANARY, { hint: CANARY, ...details }));
  expect(reason('INTERACTION_REQUIRED', { reason: 'mfa_required' })).toBe('mfa_required');
  expect(reason('INTERACTION_REQUIRED', { reason: CANARY })).toBe('interaction_required');
  expect(reason('UNAUTHENTICATED')).toBe('token_refused');
  expect(reason('INTERNAL_SERVER_ERROR')).toBe('misconfigured');
  expect(reason('UPSTREAM_TIMEOUT')).toBe('timeout');
  for (const other of [new Error(CANARY), CANARY, undefined, new GatewayError('CONFLICT', CANARY)]) {
    expect(exchangeFailureReason(other)).toBe('other');
  }
});
