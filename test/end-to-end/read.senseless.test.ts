import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const UUID = /^[0-9a-f-]{36}$/;
const SINGLE = '{ answer: remoteHelpSessionResponse(id: "session-1") { id deviceName sessionType } }';
const SEVERAL = '{ answer: remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { deviceName } }';
const LIST = '{ answer: remoteHelpSessionResponses(first: 2) { nodes { id deviceName } } }';
const UPDATE = `mutation { answer: updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "Sent" }) {
  remoteHelpSessionResponse { acsGroupId } } }`;

const ok = (body: unknown): Fault => ({ status: 200, body });
const text: Fault = { status: 200, headers: { 'Content-Type': 'application/json' }, body: '"text"' };
const elsewhere = 'https://elsewhere.example/?$skiptoken=x';

/** What Graph answers, and where the error is. */
type Row = readonly [what: string, document: string, answer: Fault, path: readonly (string | number)[]];

const rows: readonly Row[] = [
  ['text in value to a read', SINGLE, ok({ value: 'x' }), ['answer']],
  ['a list in value to a read', SINGLE, ok({ value: [{ deviceName: 'x' }] }), ['answer']],
  ['null in value to a read', SINGLE, ok({ value: null }), ['answer']],
  ['an error with status 200 to a read', SINGLE, ok({ error: { message: 'x' } }), ['answer']],
  ['nothing to a read', SINGLE, { status: 204 }, ['answer']],
  ['no content to a read', SINGLE, { status: 200 }, ['answer']],
  ['JSON that is no object to a read', SINGLE, text, ['answer']],
  ['a number for a text', SINGLE, ok({ deviceName: 7 }), ['answer', 'deviceName']],
  ['an object for a kind of session', SINGLE, ok({ value: { sessionType: {} } }), ['answer', 'sessionType']],
  ['text in value to a list', LIST, ok({ value: 'x' }), ['answer']],
  ['an object in value to a list', LIST, ok({ value: { deviceName: 'x' } }), ['answer']],
  ['no value to a list', LIST, ok({}), ['answer']],
  ['nothing to a list', LIST, { status: 204 }, ['answer']],
  ['a link to elsewhere', LIST, ok({ value: [], '@odata.nextLink': elsewhere }), ['answer']],
  ['a link that is none', LIST, ok({ value: [], '@odata.nextLink': 7 }), ['answer']],
  ['an entry that is no object', LIST, ok({ value: ['x'] }), ['answer', 'nodes', 0]],
  ['an entry without a key', LIST, ok({ value: [{ deviceName: 'x' }] }), ['answer', 'nodes', 0, 'id']],
  [
    'a list for a text in an entry',
    LIST,
    ok({ value: [{ sessionKey: 'k', deviceName: [] }] }),
    ['answer', 'nodes', 0, 'deviceName'],
  ],
  [
    'a number for a text to an update',
    UPDATE,
    ok({ acsGroupId: 7 }),
    ['answer', 'remoteHelpSessionResponse', 'acsGroupId'],
  ],
];

const operationLine = ({ logs }: TestGateway) => logs().find(({ msg }) => msg === 'operation');

describe('an answer without sense is known by its status and ids, to the client and to the operator', () => {
  it.each(rows)('%s', async (_what, document, answer, path) => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(answer);
    const { body } = await gateway.query(document);
    const [sent] = gateway.emulator.graph.requests;
    const clientRequestId = sent?.headers['client-request-id'];
    expect(body.errors).toMatchObject([{ path, extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    const { graph } = body.errors[0].extensions;
    expect(graph).toStrictEqual({
      status: answer.status,
      code: null,
      requestId: expect.stringMatching(UUID),
      clientRequestId,
      date: expect.stringContaining('GMT'),
    });
    expect(operationLine(gateway)).toMatchObject({
      graphRequestIds: [graph.requestId],
      clientRequestIds: [clientRequestId],
      causes: [`graph ${answer.status}`],
    });
    // It does not pass: nobody is asked twice.
    expect(gateway.emulator.graph.requests).toHaveLength(1);
  });

  it.each([
    ['text in value', { status: 200, body: { value: 'x' } }, []],
    ['a number for a text', { status: 200, body: { deviceName: 7 } }, ['deviceName']],
    ['nothing', { status: 204 }, []],
    ['a text for an object', { status: 200, body: 'eA==' }, []],
  ])('%s in an entry of a batch', async (_what, odd, field) => {
    const gateway = await startGateway();
    const headers = { 'Request-ID': 'id-of-the-entry' };
    for (const [entry, requestId] of [
      [{ id: '0', ...odd }, expect.stringMatching(UUID)],
      [{ id: '0', headers, ...odd }, 'id-of-the-entry'],
    ] as const) {
      gateway.emulator.graph.clear();
      const responses = [entry, { id: '1', status: 200, body: { deviceName: 'two' } }];
      gateway.emulator.graph.respondWith({ ...ok({ responses }), match: { path: '/$batch' } });
      const { body } = await gateway.query(SEVERAL);
      const clientRequestId = gateway.emulator.graph.requests[0]?.headers['client-request-id'];
      expect(body.errors).toMatchObject([{ path: ['answer', 0, ...field] }]);
      expect(body.errors[0].extensions).toStrictEqual({
        code: 'UPSTREAM_UNAVAILABLE',
        graph: { status: odd.status, code: null, requestId, clientRequestId, date: expect.stringContaining('GMT') },
      });
      const line = gateway.logs().findLast(({ msg }) => msg === 'operation');
      expect(line).toMatchObject({ clientRequestIds: [clientRequestId], causes: [`graph ${odd.status}`] });
      expect(gateway.emulator.graph.requests).toHaveLength(1);
    }
  });
});

it('the read after an update without content is the one that is told', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith([{ status: 204 }, ok({ value: 'x' })]);
  const { body } = await gateway.query(UPDATE);
  const [, read] = gateway.emulator.graph.requests;
  expect(body.errors[0].extensions).toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    outcome: 'APPLIED',
    graph: { status: 200, clientRequestId: read?.headers['client-request-id'] },
  });
});

it('an answer that makes sense leaves no id behind', async () => {
  const gateway = await startGateway();
  for (const document of [SINGLE, SEVERAL, LIST, UPDATE]) {
    expect((await gateway.query(document)).body.errors).toBeUndefined();
  }
  for (const line of gateway.logs().filter(({ msg }) => msg === 'operation')) {
    expect(line).not.toHaveProperty('clientRequestIds');
  }
});
