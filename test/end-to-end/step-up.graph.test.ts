import { describe, expect, it } from 'vitest';
import { entraError, forRequests, graphError, repeated } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const operations = {
  'a read': '{ answer: remoteHelpSessionResponse(id: "session-1") { deviceName } }',
  'a batch': '{ answer: remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { deviceName } }',
  'a list': '{ answer: remoteHelpSessionResponses { nodes { deviceName } } }',
  'an update': `mutation { answer: updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "x" }) {
    remoteHelpSessionResponse { deviceName } } }`,
} as const;
const claims = '{"access_token":{"nbf":{"essential":true,"value":"1760000000"}}}';

const exchanges = ({ emulator }: TestGateway) => emulator.entra.requests.filter(({ path }) => path.endsWith('/token'));

/** What a support case asks of the challenge: the last that Graph said. */
const ofLastRequest = ({ emulator }: TestGateway) => ({
  status: 401,
  code: 'InvalidAuthenticationToken',
  requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  clientRequestId: emulator.graph.requests.at(-1)?.headers['client-request-id'],
  date: expect.stringContaining('GMT'),
});

describe.each(Object.entries(operations))('%s', (name, document) => {
  it('tries one exchange with the claims of Graph’s challenge first, and goes on with its token', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.requireClaims(claims);
    const { status, headers, body } = await gateway.query(document);
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    expect(body.data.answer).toBeTruthy();
    expect(headers['www-authenticate']).toBeUndefined();
    const sent = exchanges(gateway).map(({ form }) => JSON.parse(form?.claims ?? '{}'));
    expect(sent).toHaveLength(2);
    expect(sent[0]).not.toHaveProperty('access_token.nbf');
    // The gateway says each time that it understands challenges.
    expect(sent.every((each) => each.access_token.xms_cc.values.includes('cp1'))).toBe(true);
    expect(sent[1].access_token.nbf).toEqual({ essential: true, value: '1760000000' });
  });

  it('hands the challenge on when Entra grants no token for the claims', async () => {
    const gateway = await startGateway();
    const { emulator } = gateway;
    emulator.graph.requireClaims(claims);
    // The first exchange, without claims, goes as usual.
    emulator.entra.respondWith([
      { match: { path: /\/token$/ }, delayMs: 0 },
      forRequests({ path: /\/token$/ }, entraError(50076, { suberror: 'basic_action', claims })),
    ]);
    const { status, headers, body } = await gateway.query(document);
    expect(status).toBe(401);
    expect(body.errors[0].extensions).toMatchObject({ code: 'INTERACTION_REQUIRED', claims });
    expect(body.errors[0].extensions.outcome).toBe(name === 'an update' ? 'NOT_APPLIED' : undefined);
    expect(body.errors[0].extensions.graph).toEqual(ofLastRequest(gateway));
    expect(headers['www-authenticate']).toContain(`claims="${Buffer.from(claims).toString('base64')}"`);
    expect(exchanges(gateway)).toHaveLength(2);
  });

  it('hands the challenge on when Graph insists on it all the same', async () => {
    const gateway = await startGateway();
    const challenge = `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
    gateway.emulator.graph.respondWith(
      repeated(Number.POSITIVE_INFINITY, {
        ...graphError(401, 'InvalidAuthenticationToken'),
        headers: { 'WWW-Authenticate': challenge },
      }),
    );
    const { status, headers, body } = await gateway.query(document);
    expect(status).toBe(401);
    expect(body.errors[0].extensions).toMatchObject({ code: 'INTERACTION_REQUIRED', claims });
    expect(body.errors[0].extensions.graph).toEqual(ofLastRequest(gateway));
    expect(headers['www-authenticate']).toContain('error="insufficient_claims"');
    expect(exchanges(gateway)).toHaveLength(2);
    expect(gateway.emulator.graph.requests).toHaveLength(2);
  });

  it('exchanges a token that Graph refuses anew, once, and goes on', async () => {
    const gateway = await startGateway();
    const { emulator, query } = gateway;
    const token = emulator.entra.mintToken();
    await query(operations['a read'], { token });
    await new Promise((resolve) => setTimeout(resolve, 2));
    emulator.graph.rejectTokensIssuedBefore(Date.now());
    const { status, body } = await query(document, { token });
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    expect(exchanges(gateway)).toHaveLength(2);
    expect(emulator.graph.requests.at(-2)?.status).toBe(401);
  });

  it('calls Graph unavailable when it refuses the fresh token too', async () => {
    const gateway = await startGateway();
    gateway.emulator.graph.respondWith(
      repeated(Number.POSITIVE_INFINITY, graphError(401, 'InvalidAuthenticationToken', 'Access token is empty.')),
    );
    const { status, headers, body } = await gateway.query(document);
    expect(status).toBe(200);
    expect(headers['www-authenticate']).toBeUndefined();
    expect(body.errors[0].extensions).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      graph: { status: 401, code: 'InvalidAuthenticationToken' },
    });
    expect(body.errors[0].extensions.outcome).toBe(name === 'an update' ? 'NOT_APPLIED' : undefined);
    expect(exchanges(gateway)).toHaveLength(2);
    expect(gateway.emulator.graph.requests).toHaveLength(2);
  });
});

it('locks nobody who must step up for a write out of his reads', async () => {
  const gateway = await startGateway();
  const { emulator, query } = gateway;
  const token = emulator.entra.mintToken({ oid: 'ada' });
  expect((await query(operations['a read'], { token })).status).toBe(200);
  const stepUp = `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
  emulator.graph.respondWith(
    repeated(
      Number.POSITIVE_INFINITY,
      forRequests({ method: 'PATCH' }, { ...graphError(403, 'Forbidden'), headers: { 'WWW-Authenticate': stepUp } }),
    ),
  );
  const refusal = forRequests({ path: /\/token$/ }, entraError(50076, { error: 'interaction_required', claims }));
  emulator.entra.respondWith(repeated(Number.POSITIVE_INFINITY, refusal));
  for (let round = 0; round < 3; round += 1) {
    const write = await query(operations['an update'], { token });
    expect([write.status, write.body.errors[0].extensions]).toMatchObject([
      401,
      { code: 'INTERACTION_REQUIRED', claims, outcome: 'NOT_APPLIED' },
    ]);
    for (const read of ['a read', 'a batch', 'a list'] as const) {
      expect((await query(operations[read], { token })).body.errors).toBeUndefined();
    }
  }
  // One for the token that still serves, one in vain for the claims: that one is not asked again for some seconds.
  expect(exchanges(gateway)).toHaveLength(2);
});

it('meets a challenge for one entry of a batch as it meets one for the whole', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.requireClaims(claims, { at: 'entry' });
  const { status, body } = await gateway.query(operations['a batch']);
  expect(status).toBe(200);
  expect(body.errors).toBeUndefined();
  expect(body.data.answer).toHaveLength(2);
});

it('meets a challenge that comes with 403', async () => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith({
    ...graphError(403, 'Forbidden'),
    headers: {
      'WWW-Authenticate': `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`,
    },
  });
  const { status, body } = await gateway.query(operations['a read']);
  expect(status).toBe(200);
  expect(body.errors).toBeUndefined();
  expect(exchanges(gateway)).toHaveLength(2);
});

const base64 = Buffer.from(claims).toString('base64');

it.each([
  ['its name in capitals', `BEARER ERROR="insufficient_claims", CLAIMS="${base64}"`],
  ['blanks around the equals sign', `Bearer error = "insufficient_claims", claims = "${base64}"`],
  ['no quotes', `Bearer error=insufficient_claims, claims=${base64}`],
  ['a challenge before it', `Basic realm="a, b", Bearer claims="${base64}"`],
  ['a challenge behind it', `Bearer claims="${base64}", Basic realm="a, b"`],
])('asks Entra for the claims of a challenge with %s', async (_spelling, challenge) => {
  const gateway = await startGateway();
  gateway.emulator.graph.respondWith({ ...graphError(403, 'Forbidden'), headers: { 'WWW-Authenticate': challenge } });
  const { body } = await gateway.query(operations['an update']);
  expect(body.errors).toBeUndefined();
  const [, second] = exchanges(gateway).map(({ form }) => JSON.parse(form?.claims ?? '{}'));
  expect(second.access_token.nbf).toEqual({ essential: true, value: '1760000000' });
  expect(gateway.emulator.graph.requests.map(({ method }) => method)).toEqual(['PATCH', 'PATCH']);
});

it.each([
  ['no base64', 'claims="%%%"'],
  ['no JSON', `claims="${Buffer.from('{').toString('base64')}"`],
  ['no object', `claims="${Buffer.from('7').toString('base64')}"`],
])('passes on no claims that are %s', async (_name, parameter) => {
  const { query, emulator } = await startGateway();
  emulator.graph.respondWith(
    repeated(Number.POSITIVE_INFINITY, {
      ...graphError(401, 'InvalidAuthenticationToken'),
      headers: { 'WWW-Authenticate': `Bearer error="insufficient_claims", ${parameter}` },
    }),
  );
  const { body, headers } = await query(operations['a read']);
  expect(body.errors[0].extensions.code).toBe('UPSTREAM_UNAVAILABLE');
  expect(headers['www-authenticate']).toBeUndefined();
});
