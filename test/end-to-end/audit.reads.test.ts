import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dropConnection, forRequests, graphError, repeated } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');
const hashes = (...ids: string[]) => ids.map(sha256);

const reads = (gateway: TestGateway) =>
  gateway.logs().flatMap(({ msg, audit }) => (msg === 'read' ? [audit as Record<string, unknown>] : []));

async function auditOf(document: string, options: { variables?: Record<string, unknown> } = {}, gateway?: TestGateway) {
  const used = gateway ?? (await startGateway());
  const answer = await used.query(document, options);
  return { ...answer, gateway: used, audit: reads(used) };
}

it('writes one line about a read of a secret: who, with what, which session, which secrets, and what became of it', async () => {
  const gateway = await startGateway({ env: { LOG_LEVEL: 'silent' } });
  const [oid, azp] = [crypto.randomUUID(), crypto.randomUUID()];
  const { headers } = await gateway.query(
    '{ remoteHelpSessionResponse(id: "session-1") { id deviceName acsHelperUserToken sessionKey } }',
    { token: gateway.emulator.entra.mintToken({ oid, azp }) },
  );
  expect(gateway.logs()).toEqual([
    {
      level: 30,
      time: expect.any(Number),
      reqId: headers['x-request-id'],
      msg: 'read',
      audit: {
        action: 'remoteHelpSessionResponse',
        tid: gateway.emulator.entra.tenantId,
        oid,
        azp,
        session: sha256('session-1'),
        fields: ['sessionKey', 'acsHelperUserToken'],
        outcome: 'READ',
        graphRequestIds: [expect.stringMatching(/^[\da-f-]{36}$/)],
        clientRequestIds: [],
        durationMs: expect.any(Number),
      },
    },
  ]);
  expect(gateway.logText()).not.toContain('fake-');
});

describe('a read that selects no secret has none', () => {
  it.each([
    '{ remoteHelpSessionResponse(id: "session-1") { id deviceName acsGroupId } }',
    '{ remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { id deviceName } }',
    '{ remoteHelpSessionResponses { nodes { id deviceName } pageInfo { endCursor } } }',
    '{ remoteHelpSessionResponse(id: "session-1") { id sessionKey @skip(if: true) ...S @include(if: false) } } fragment S on RemoteHelpSessionResponse { webClientUri }',
    '{ sessionKey: remoteHelpSessionResponse(id: "session-1") { webClientUri: deviceName } }',
  ])('%s', async (document) => {
    const { body, audit } = await auditOf(document);
    expect(body.errors).toBeUndefined();
    expect(audit).toEqual([]);
  });
});

describe('however the secret is selected', () => {
  it.each([
    ['an alias', '{ a: remoteHelpSessionResponse(id: "session-1") { x: webClientUri } }'],
    [
      'fragments in one another',
      '{ ...Q } fragment Q on Query { remoteHelpSessionResponse(id: "session-1") { ...S } } fragment S on RemoteHelpSessionResponse { ... { webClientUri } }',
    ],
    [
      'a field that comes twice',
      '{ remoteHelpSessionResponse(id: "session-1") { deviceName } remoteHelpSessionResponse(id: "session-1") { webClientUri } }',
    ],
  ])('%s', async (_name, document) => {
    const { audit } = await auditOf(document);
    expect(audit).toMatchObject([{ session: sha256('session-1'), fields: ['webClientUri'], outcome: 'READ' }]);
  });

  it('a directive with a variable, at each use anew', async () => {
    const document =
      'query ($yes: Boolean!) { remoteHelpSessionResponse(id: "session-1") { deviceName sessionKey @include(if: $yes) } }';
    const gateway = await startGateway();
    for (let turn = 0; turn < 14; turn += 1) await gateway.query(document, { variables: { yes: turn % 2 === 0 } });
    expect(reads(gateway)).toHaveLength(7);
  });
});

describe('reads of several', () => {
  it('with one result are one line with a list of hashes, each session once', async () => {
    const ids = ['session-1', 'session-2', 'session-1'];
    const { audit } = await auditOf(
      'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { sessionKey } }',
      { variables: { ids } },
    );
    expect(audit).toMatchObject([
      {
        action: 'remoteHelpSessionResponsesById',
        session: hashes('session-1', 'session-2'),
        fields: ['sessionKey'],
        outcome: 'READ',
        graphRequestIds: [expect.any(String)],
      },
    ]);
  });

  it('with several results are a line for each', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(
      forRequests({ inBatch: true, path: /session-2/ }, repeated(9, graphError(403, 'Forbidden'))),
    );
    const { audit } = await auditOf(
      '{ remoteHelpSessionResponsesById(ids: ["session-1", "nobody", "session-2", "session-3"]) { sessionKey } }',
      {},
      gateway,
    );
    expect(audit).toHaveLength(3);
    expect(audit).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ session: hashes('session-1', 'session-3'), outcome: 'READ' }),
        expect.objectContaining({ session: hashes('nobody'), outcome: 'NOT_FOUND' }),
        expect.objectContaining({ session: hashes('session-2'), outcome: 'FAILED', code: 'FORBIDDEN' }),
      ]),
    );
  });

  it('two hundred aliases are no two hundred lines', async () => {
    const gateway = await startGateway();
    const ids = Array.from({ length: 200 }, (_, index) => `many-${index}`);
    for (const id of ids) gateway.emulator.graph.sessions.set(id, { sessionKey: 'k', deviceName: 'd' });
    const fields = ids.map((id, index) => `a${index}: remoteHelpSessionResponse(id: "${id}") { sessionKey }`);
    const { body, audit } = await auditOf(`{ ${fields.join(' ')} }`, {}, gateway);
    expect(body.errors).toBeUndefined();
    expect(audit).toMatchObject([{ session: hashes(...ids), outcome: 'READ' }]);
  });

  it('aliases that select other secrets have lines of their own', async () => {
    const { audit } = await auditOf(
      '{ a: remoteHelpSessionResponse(id: "session-1") { sessionKey } b: remoteHelpSessionResponse(id: "session-2") { webClientUri } }',
    );
    expect(audit).toMatchObject([
      { session: sha256('session-1'), fields: ['sessionKey'] },
      { session: sha256('session-2'), fields: ['webClientUri'] },
    ]);
  });

  it('a list names the sessions that it answered', async () => {
    const { body, audit } = await auditOf(
      '{ remoteHelpSessionResponses(first: 2) { edges { node { id sessionKey } } } }',
    );
    const answered = body.data.remoteHelpSessionResponses.edges.map(({ node }: { node: { id: string } }) => node.id);
    expect(answered).toHaveLength(2);
    expect(audit).toMatchObject([
      { action: 'remoteHelpSessionResponses', session: hashes(...answered), fields: ['sessionKey'], outcome: 'READ' },
    ]);
  });
});

describe('a list that selects nothing that names its sessions', () => {
  const nodes = 'nodes { acsHelperUserToken }';

  it.each([
    ['nodes', nodes],
    ['edges', 'edges { node { token: acsHelperUserToken deviceName } }'],
    ['both', `${nodes} edges { node { acsHelperUserToken } }`],
  ])('has a line that counts them, and asks Graph for no secret more: %s', async (_name, selection) => {
    const gateway = await startGateway();
    for (let use = 1; use <= 3; use += 1) {
      const { body } = await gateway.query(`{ remoteHelpSessionResponses { ${selection} } }`);
      expect(body.errors).toBeUndefined();
    }
    expect(JSON.stringify(sentToGraph(gateway.emulator))).not.toContain('sessionKey');
    const unknownSessions = gateway.emulator.graph.sessions.size;
    const line = { session: [], unknownSessions, fields: ['acsHelperUserToken'], outcome: 'READ' };
    expect(reads(gateway)).toMatchObject([line, line, line]);
    expect(gateway.logText()).not.toContain('fake-');
  });

  it('counts only those that Graph does not name itself', async () => {
    const gateway = await startGateway();
    const value = [{ id: 'named', acsHelperUserToken: 'fake-1' }, { acsHelperUserToken: 'fake-2' }, 'no session'];
    gateway.emulator.graph.respondWith({ status: 200, body: { value } });
    const { audit } = await auditOf(`{ remoteHelpSessionResponses { ${nodes} } }`, {}, gateway);
    expect(audit).toMatchObject([{ session: hashes('named'), unknownSessions: 1 }]);
  });

  it('counts none where the session key is selected', async () => {
    const { audit } = await auditOf(
      '{ remoteHelpSessionResponses(first: 2) { nodes { acsHelperUserToken sessionKey } } }',
    );
    expect(audit).toMatchObject([{ session: [expect.any(String), expect.any(String)] }]);
    expect(audit[0]).not.toHaveProperty('unknownSessions');
  });

  it('two of them in one operation are counted together', async () => {
    const gateway = await startGateway();
    const list = `remoteHelpSessionResponses { ${nodes} }`;
    const { audit } = await auditOf(`{ a: ${list} b: ${list} }`, {}, gateway);
    expect(audit).toMatchObject([{ session: [], unknownSessions: 2 * gateway.emulator.graph.sessions.size }]);
  });
});

describe('a read that brings nothing is told as well', () => {
  it.each([
    ['not found', 'nobody', [], { outcome: 'NOT_FOUND' }],
    ['refused by Graph', 'session-1', [graphError(403, 'Forbidden')], { outcome: 'FAILED', code: 'FORBIDDEN' }],
    ['refused here', '..', [], { outcome: 'FAILED', code: 'BAD_USER_INPUT' }],
    [
      'not answered',
      'session-1',
      [repeated(9, dropConnection())],
      { outcome: 'FAILED', code: 'UPSTREAM_UNAVAILABLE', graphRequestIds: [] },
    ],
  ])('%s', async (_name, id, faults, expected) => {
    const gateway = await startGateway({ dependencies: { random: () => 0 } });
    gateway.emulator.graph.respondWith(faults);
    const document = 'query ($id: ID!) { remoteHelpSessionResponse(id: $id) { sessionKey } }';
    const { audit } = await auditOf(document, { variables: { id } }, gateway);
    expect(audit).toMatchObject([{ session: sha256(id), fields: ['sessionKey'], ...expected }]);
  });

  it('a list that fails', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(graphError(403, 'Forbidden'));
    const { audit } = await auditOf('{ remoteHelpSessionResponses { nodes { sessionKey } } }', {}, gateway);
    expect(audit).toMatchObject([{ session: [], outcome: 'FAILED', code: 'FORBIDDEN' }]);
  });

  it('what is refused before it runs has no line', async () => {
    const { status, audit } = await auditOf(
      'query ($ids: [ID!]!) { remoteHelpSessionResponsesById(ids: $ids) { sessionKey } }',
      { variables: { ids: Array.from({ length: 201 }, (_, index) => `${index}`) } },
    );
    expect(status).toBe(400);
    expect(audit).toEqual([]);
  });
});
