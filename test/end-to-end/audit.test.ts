import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { applied, dropConnection, graphError } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const document = `mutation ($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
  updateRemoteHelpSessionResponse(id: $id, input: $input) { remoteHelpSessionResponse { deviceName } } }`;
const input = { deviceName: 'Tablet', acsHelperUserToken: 'value-of-a-secret', sessionKey: null };
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

const auditLines = ({ logs }: TestGateway) =>
  logs().flatMap(({ audit, level, reqId }) => (audit === undefined ? [] : [{ audit: audit as object, level, reqId }]));

it('writes one line about an update: who, with what, which session, which fields, and what became of it', async () => {
  const gateway = await startGateway({ env: { LOG_LEVEL: 'info' } });
  const oid = crypto.randomUUID();
  const azp = crypto.randomUUID();
  const token = gateway.emulator.entra.mintToken({ oid, azp });
  const { headers } = await gateway.query(document, { token, variables: { id: 'session-1', input } });
  expect(auditLines(gateway)).toEqual([
    {
      level: 30,
      reqId: headers['x-request-id'],
      audit: {
        action: 'updateRemoteHelpSessionResponse',
        tid: gateway.emulator.entra.tenantId,
        oid,
        azp,
        session: sha256('session-1'),
        fields: ['sessionKey', 'acsHelperUserToken', 'deviceName'],
        outcome: 'APPLIED',
        graphRequestIds: [expect.stringMatching(/^[\da-f-]{36}$/)],
        clientRequestIds: [],
        durationMs: expect.any(Number),
      },
    },
  ]);
  expect(gateway.logText()).not.toContain('session-1"');
  expect(gateway.logText()).not.toContain('value-of-a-secret');
});

it('names the client app of a token of version 1.0 too', async () => {
  const gateway = await startGateway();
  const azp = crypto.randomUUID();
  const token = gateway.emulator.entra.mintToken({ ver: '1.0', azp });
  await gateway.query(document, { token, variables: { id: 'session-1', input } });
  expect(auditLines(gateway)).toMatchObject([{ audit: { azp } }]);
});

describe('an update that fails', () => {
  it.each([
    ['Graph does not know the session', 'nobody', input, [], { outcome: 'NOT_APPLIED', code: 'NOT_FOUND' }],
    [
      'Graph refuses it',
      'session-1',
      input,
      [graphError(403, 'Forbidden')],
      { outcome: 'NOT_APPLIED', code: 'FORBIDDEN' },
    ],
    ['the input is refused here', 'session-1', {}, [], { outcome: 'NOT_APPLIED', code: 'BAD_USER_INPUT', fields: [] }],
    ['the id is refused here', '..', input, [], { outcome: 'NOT_APPLIED', code: 'BAD_USER_INPUT' }],
    [
      'nobody can say what became of it',
      'session-1',
      input,
      [dropConnection(), ...Array(5).fill(graphError(500, 'InternalServerError'))],
      {
        outcome: 'UNKNOWN',
        code: 'UPSTREAM_UNAVAILABLE',
        // All that is known of the request whose answer was lost.
        clientRequestIds: expect.arrayContaining([expect.stringMatching(/^[\da-f-]{36}$/)]),
      },
    ],
  ])('has its line as well: %s', async (_name, id, given, faults, expected) => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(faults);
    const { body } = await gateway.query(document, { variables: { id, input: given } });
    expect(body.errors).toHaveLength(1);
    expect(auditLines(gateway)).toMatchObject([{ audit: { session: sha256(id), ...expected } }]);
  });

  it('has one that says APPLIED when a look at the session proved it', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(applied(dropConnection()));
    const { body } = await gateway.query(document, { variables: { id: 'session-1', input: { deviceName: 'Tablet' } } });
    expect(body.errors).toBeUndefined();
    expect(auditLines(gateway)).toMatchObject([{ audit: { outcome: 'APPLIED' } }]);
  });
});

describe('the secrets that the answer of a change holds are named in its line', () => {
  const payload = 'remoteHelpSessionResponse';
  const changes: Readonly<Record<string, string>> = {
    update: 'updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "x" })',
    create: 'createRemoteHelpSessionResponse(input: { sessionKey: "new", deviceName: "x" })',
  };
  const selections: readonly (readonly [string, string, string[] | undefined])[] = [
    [
      'aliases and fragments',
      `p: ${payload} { t: acsHelperUserToken ... { id ... on RemoteHelpSessionResponse { pubSubHelperAccessUri } } }`,
      ['acsHelperUserToken', 'pubSubHelperAccessUri'],
    ],
    ['conditions', `${payload} { sessionKey @include(if: true) webClientUri @skip(if: true) id }`, ['sessionKey']],
    ['no secret', `${payload} { id deviceName sessionKey: acsGroupId }`, undefined],
    ['no session', '__typename', undefined],
  ];

  it.each(
    Object.entries(changes).flatMap(([act, change]) =>
      selections.map(([name, ...rest]) => [act, name, change, ...rest] as const),
    ),
  )('of %s: %s', async (_act, _name, change, selection, read) => {
    const gateway = await startGateway();
    const { body } = await gateway.query(`mutation { ${change} { ${selection} } }`);
    expect(body.errors).toBeUndefined();
    const [line] = auditLines(gateway);
    const audit = line?.audit as { readonly read?: string[] };
    expect(audit).toMatchObject({ outcome: 'APPLIED' });
    expect(audit.read).toEqual(read);
    expect(gateway.emulator.graph.requests).toHaveLength(1);
  });

  const reading = `mutation { ${changes.update} { ${payload} { acsHelperUserToken } } }`;

  it('also where Graph answers 204, and the secret is read', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(applied({ status: 204 }));
    expect((await gateway.query(reading)).body.errors).toBeUndefined();
    expect(sentToGraph(gateway.emulator)).toEqual(['PATCH session-1', 'session-1?$select=acsHelperUserToken']);
    expect(auditLines(gateway)).toMatchObject([{ audit: { fields: ['deviceName'], read: ['acsHelperUserToken'] } }]);
  });

  it('and none are where it failed, because none left', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(graphError(403, 'Forbidden'));
    expect((await gateway.query(reading)).body.errors).toHaveLength(1);
    const [line] = auditLines(gateway);
    expect(line?.audit).toMatchObject({ code: 'FORBIDDEN' });
    expect(line?.audit).not.toHaveProperty('read');
  });
});

it('writes a line for each of several updates, and none for a read', async () => {
  const gateway = await startGateway();
  const one = (alias: string, id: string) =>
    `${alias}: updateRemoteHelpSessionResponse(id: "${id}", input: { deviceName: "x" }) { __typename }`;
  await gateway.query('{ remoteHelpSessionResponse(id: "session-1") { deviceName } }');
  await gateway.query(`mutation { ${one('a', 'session-1')} ${one('b', 'nobody')} }`);
  expect(auditLines(gateway)).toMatchObject([
    { audit: { session: sha256('session-1'), outcome: 'APPLIED' } },
    { audit: { session: sha256('nobody'), outcome: 'NOT_APPLIED' } },
  ]);
});

it('is written for an update whose client has gone', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith({ delayMs: 60 });
  const gone = new AbortController();
  const token = gateway.emulator.entra.mintToken();
  const sent = gateway
    .http('/graphql', {
      method: 'POST',
      signal: gone.signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: document, variables: { id: 'session-1', input } }),
    })
    .catch(() => undefined);
  while (gateway.emulator.graph.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  gone.abort();
  await sent;
  await expect.poll(() => auditLines(gateway)).toMatchObject([{ audit: { outcome: 'APPLIED' } }]);
});

it('is written again and again for one document, whichever way it takes', async () => {
  const gateway = await startGateway({ env: { LOG_LEVEL: 'silent' } });
  const token = await gateway.emulator.entra.mintToken();
  const ids: unknown[] = [];
  for (let turn = 0; turn < 12; turn += 1) {
    const { headers } = await gateway.query(document, { token, variables: { id: 'session-1', input } });
    ids.push(headers['x-request-id']);
  }
  expect(auditLines(gateway).map(({ reqId }) => reqId)).toEqual(ids);
});

it('names the request that was sent to Graph and never answered', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith([dropConnection(), ...Array(5).fill(graphError(500, 'InternalServerError'))]);
  await gateway.query(document, { variables: { id: 'session-1', input } });
  const sent = gateway.emulator.graph.requests.find(({ method }) => method === 'PATCH');
  expect(auditLines(gateway)).toMatchObject([
    { audit: { clientRequestIds: expect.arrayContaining([sent?.headers['client-request-id']]) } },
  ]);
});
