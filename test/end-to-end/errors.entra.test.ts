import { describe, expect, it, test } from 'vitest';
import { dropConnection, entraError, forRequests, hang, repeated, unavailable } from '../../src/emulator/faults.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { patches, updatedSession, updateSession } from '../support/update-session.ts';

const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const always = (fault: Parameters<typeof repeated>[1]) =>
  repeated(Number.POSITIVE_INFINITY, forRequests({ method: 'POST' }, fault));
const exchanges = ({ emulator }: TestGateway) => emulator.entra.requests.filter(({ method }) => method === 'POST');

describe('Entra wants the user', () => {
  it('and says so with claims: 401, a challenge, and both forms of the claims', async () => {
    const gateway = await startGateway();
    const { entra } = gateway.emulator;
    entra.requireClaimsFor('ada', CLAIMS);
    const answer = await updateSession(gateway, { token: entra.mintToken({ oid: 'ada' }) });
    expect(answer.status).toBe(401);
    expect(answer.body.errors).toHaveLength(1);
    expect(answer.body.errors[0].extensions).toEqual({
      code: 'INTERACTION_REQUIRED',
      reason: 'mfa_required',
      claims: CLAIMS,
      outcome: 'NOT_APPLIED',
    });
    const challenge = String(answer.headers['www-authenticate']);
    expect(challenge).toMatch(/^Bearer .*error="insufficient_claims"/);
    expect(challenge).toContain(`authorization_uri="${entra.origin}/${entra.tenantId}/oauth2/v2.0/authorize"`);
    expect(Buffer.from(/claims="([^"]+)"/.exec(challenge)?.[1] ?? '', 'base64').toString()).toBe(CLAIMS);
    expect(patches(gateway)).toEqual([]);
  });

  it('and a browser app of another origin may read the challenge', async () => {
    const gateway = await startGateway({ env: { CORS_ORIGINS: 'https://app.example.com' } });
    gateway.emulator.entra.respondWith(always(entraError(50076, { suberror: 'basic_action', claims: CLAIMS })));
    const { headers } = await updateSession(gateway, { headers: { origin: 'https://app.example.com' } });
    expect(headers['access-control-allow-origin']).toBe('https://app.example.com');
    expect(String(headers['access-control-expose-headers']).toLowerCase()).toContain('www-authenticate');
  });

  test.each([
    [65001, 'consent_required', 'consent_required'],
    [50079, 'basic_action', 'mfa_required'],
    [53003, undefined, 'conditional_access'],
    [50173, undefined, 'login_required'],
    [424242, 'additional_action', 'additional_action'],
  ])('AADSTS%i, %s: %s', async (number, suberror, reason) => {
    const gateway = await startGateway();
    gateway.emulator.entra.respondWith(always(entraError(number, suberror === undefined ? {} : { suberror })));
    const { status, headers, body } = await updateSession(gateway);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toMatch(/^Bearer .*error="interaction_required"/);
    expect(body.errors[0].extensions).toEqual({ code: 'INTERACTION_REQUIRED', reason, outcome: 'NOT_APPLIED' });
    expect(exchanges(gateway)).toHaveLength(1);
  });

  it('and a query says it for every field, with one challenge and no outcome', async () => {
    const gateway = await startGateway();
    gateway.emulator.entra.respondWith(always(entraError(50076, { suberror: 'basic_action', claims: CLAIMS })));
    const { status, headers, body } = await gateway.query(
      '{ a: remoteHelpSessionResponse(id: "session-1") { id } b: remoteHelpSessionResponse(id: "session-2") { id } }',
    );
    expect(status).toBe(401);
    expect(String(headers['www-authenticate']).match(/claims=/g)).toHaveLength(1);
    expect(body.errors).toHaveLength(2);
    for (const { extensions } of body.errors) {
      expect(extensions).toEqual({ code: 'INTERACTION_REQUIRED', reason: 'mfa_required', claims: CLAIMS });
    }
    expect(exchanges(gateway)).toHaveLength(1);
  });
});

describe('Entra refuses', () => {
  test.each([50013, 500133, 500131, 50027])('the caller’s token (AADSTS%i): 401 to get a new one', async (number) => {
    const gateway = await startGateway();
    gateway.emulator.entra.respondWith(always(entraError(number)));
    const { status, headers, body } = await updateSession(gateway);
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toMatch(/^Bearer error="invalid_token"/);
    expect(body.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', outcome: 'NOT_APPLIED' });
    expect(exchanges(gateway)).toHaveLength(1);
  });

  it('a token that ran out a minute ago, which the gateway’s own tolerance lets pass', async () => {
    const gateway = await startGateway();
    const token = gateway.emulator.entra.mintToken({ exp: Math.floor(Date.now() / 1000) - 60 });
    const { status, body } = await updateSession(gateway, { token });
    expect(status).toBe(401);
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', outcome: 'NOT_APPLIED' } }]);
    expect(exchanges(gateway)).toMatchObject([{ status: 400 }]);
  });

  test.each([50105, 50057, 500212, 7000114])('the user (AADSTS%i): FORBIDDEN', async (number) => {
    const gateway = await startGateway();
    gateway.emulator.entra.respondWith(always(entraError(number)));
    const { status, body } = await updateSession(gateway);
    expect(status).toBe(200);
    expect(body.errors[0].extensions).toEqual({ code: 'FORBIDDEN', outcome: 'NOT_APPLIED' });
    expect(exchanges(gateway)).toHaveLength(1);
  });

  test.each([
    [7000222, 'invalid_client', 401, 'AZURE_CLIENT_SECRET'],
    [700016, 'unauthorized_client', 400, 'AZURE_CLIENT_ID'],
    [90002, 'invalid_request', 400, 'AZURE_TENANT_ID'],
    [500011, 'invalid_resource', 400, 'GRAPH_BASE_URL'],
    [650057, 'invalid_resource', 400, 'permissions'],
  ])(
    'the gateway itself (AADSTS%i): the log tells the operator, the client nothing',
    async (number, error, status, named) => {
      const gateway = await startGateway();
      const description = 'canary of the description';
      gateway.emulator.entra.respondWith(always(entraError(number, { error, status, description })));
      const answer = await updateSession(gateway);
      expect(answer.status).toBe(200);
      expect(answer.body.errors).toMatchObject([{ message: 'The gateway failed. The operator has been told.' }]);
      expect(answer.body.errors[0].extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', outcome: 'NOT_APPLIED' });
      const told = gateway.logs().filter(({ level }) => level === 50);
      expect(told).toMatchObject([{ hint: expect.stringContaining(`AADSTS${number}`) }]);
      expect(told[0]?.hint).toContain(named);
      expect(gateway.logText() + JSON.stringify(answer.body)).not.toContain('canary');
      expect(exchanges(gateway)).toHaveLength(1);
    },
  );

  it('a tenant that does not exist, in its own documents already', async () => {
    const gateway = await startGateway({ env: { AZURE_TENANT_ID: 'not-there.example' } });
    const { status, body } = await updateSession(gateway);
    expect(status).toBe(503);
    expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });
});

describe('Entra is not well', () => {
  test.each([
    ['an HTML page', unavailable(503)],
    ['500', { status: 500, body: { error: 'server_error' } }],
    ['a transient number', entraError(90033)],
    ['a broken connection', dropConnection()],
    ['a connection broken within the answer', dropConnection('mid-body')],
    ['an answer that is no token', { status: 200, body: {} }],
    ['an answer that is no JSON', { status: 200, body: '<html>' }],
    ['a redirect', { status: 302, headers: { Location: 'https://elsewhere.example/' } }],
  ] as const)('and answers with %s: UPSTREAM_UNAVAILABLE, nothing sent to Graph', async (_how, fault) => {
    const gateway = await startGateway();
    gateway.emulator.entra.respondWith(always(fault));
    const { status, body } = await updateSession(gateway);
    expect(status).toBe(200);
    expect(body.errors[0].extensions).toEqual({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'NOT_APPLIED' });
    expect(patches(gateway)).toEqual([]);
  });

  it('and is gone: UPSTREAM_UNAVAILABLE, until it is back', async () => {
    const gateway = await startGateway();
    await updateSession(gateway);
    await gateway.emulator.entra.stop();
    const token = gateway.emulator.entra.mintToken();
    const { body } = await updateSession(gateway, { token });
    expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', outcome: 'NOT_APPLIED' } }]);
    await gateway.emulator.entra.start();
    expect(updatedSession(await updateSession(gateway, { token }))).toBeDefined();
  });

  it('and throttles for longer than the operation may take: THROTTLED at once, with its wait', async () => {
    const gateway = await startGateway();
    gateway.emulator.entra.respondWith(always({ status: 429, headers: { 'Retry-After': '77' } }));
    const { status, body } = await updateSession(gateway);
    expect(status).toBe(200);
    expect(body.errors[0].extensions).toEqual({ code: 'THROTTLED', retryAfterSeconds: 77, outcome: 'NOT_APPLIED' });
    expect(exchanges(gateway)).toHaveLength(1);
  });

  it('and throttles without naming a time: THROTTLED after the gateway’s own tries, at least a second', async () => {
    const gateway = await startGateway();
    gateway.emulator.entra.respondWith(always({ status: 429 }));
    const { body } = await updateSession(gateway);
    expect(body.errors[0].extensions).toEqual({ code: 'THROTTLED', retryAfterSeconds: 1, outcome: 'NOT_APPLIED' });
    expect(exchanges(gateway)).toHaveLength(4);
  });

  it('and hangs: UPSTREAM_TIMEOUT', async () => {
    const gateway = await startGateway({ env: { REQUEST_TIMEOUT_MS: '600' } });
    await updateSession(gateway);
    gateway.emulator.entra.respondWith(always(hang()));
    const { body } = await updateSession(gateway);
    expect(body.errors[0].extensions).toEqual({ code: 'UPSTREAM_TIMEOUT', outcome: 'NOT_APPLIED' });
    expect(patches(gateway)).toHaveLength(1);
  });
});
