import {
  createHash,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MintOptions } from '../../src/emulator/entra/caller-token.ts';
import { type Scene, startScene } from './scene.ts';
import { createSelfSignedCertificate } from './self-signed-certificate.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

const now = () => Math.floor(Date.now() / 1_000);
const claimsOf = (token: unknown) =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8'));
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a good exchange', () => {
  test('answers what Entra answers, and a token for Graph in the name of the caller', async () => {
    const { status, headers, body } = await scene.exchange();
    const resource = scene.graph.origin;
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(body).toStrictEqual({
      token_type: 'Bearer',
      scope: `${resource}/DeviceManagementConfiguration.ReadWrite.All ${resource}/DeviceManagementServiceConfig.ReadWrite.All ${resource}/.default`,
      expires_in: 4_000,
      ext_expires_in: 4_000,
      access_token: expect.any(String),
    });
    expect(claimsOf(body.access_token)).toMatchObject({
      aud: resource,
      oid: claimsOf(scene.entra.mintToken()).oid,
      tid: scene.entra.tenantId,
      appid: scene.entra.clientId,
      scp: 'DeviceManagementConfiguration.ReadWrite.All DeviceManagementServiceConfig.ReadWrite.All',
    });
  });

  test('gives the OpenID extras only when asked', async () => {
    const scope = `${scene.graph.origin}/.default openid profile offline_access`;
    const { body } = await scene.exchange({ scope, client_info: '1' });
    expect(body).toMatchObject({ refresh_token: expect.any(String), client_info: expect.any(String) });
    expect(claimsOf(body.id_token)).toMatchObject({ aud: scene.entra.clientId, tid: scene.entra.tenantId });
  });

  test('never gives the same token twice', async () => {
    const assertion = scene.entra.mintToken();
    const [one, other] = await Promise.all([scene.exchange({ assertion }), scene.exchange({ assertion })]);
    expect(claimsOf(one.body.access_token).jti).not.toBe(claimsOf(other.body.access_token).jti);
  });

  test('narrows to single Graph permissions', async () => {
    const scope = `${scene.graph.origin}/DeviceManagementConfiguration.ReadWrite.All`;
    const { body } = await scene.exchange({ scope });
    expect(body.scope).toBe(scope);
    expect(claimsOf(body.access_token).scp).toBe('DeviceManagementConfiguration.ReadWrite.All');
  });

  test('takes the secret as HTTP Basic, and format 1.0 assertions', async () => {
    const { clientId, clientSecret } = scene.entra;
    const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
    const headers = { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
    const assertion = scene.entra.mintToken({ ver: '1.0' });
    const fields = { client_id: undefined, client_secret: undefined, assertion };
    expect((await scene.exchange(fields, { headers })).status).toBe(200);
  });

  test('puts cp1 into the token and honours the life that a test chose', async () => {
    scene.entra.graphTokenLifetimeSeconds = 90;
    const { body } = await scene.exchange({ claims: '{"access_token":{"xms_cc":{"values":["cp1"]}}}' });
    scene.entra.graphTokenLifetimeSeconds = 4_000;
    const { xms_cc, exp, iat } = claimsOf(body.access_token);
    expect([xms_cc, exp - iat, body.expires_in]).toStrictEqual([['cp1'], 90, 90]);
  });

  test('is logged with its form', async () => {
    await scene.exchange();
    expect(scene.entra.requests).toStrictEqual([
      expect.objectContaining({
        method: 'POST',
        path: `/${scene.entra.tenantId}/oauth2/v2.0/token`,
        status: 200,
        form: expect.objectContaining({ requested_token_use: 'on_behalf_of' }),
      }),
    ]);
  });
});

describe('refuses a request', () => {
  type Case = [
    name: string,
    changes: () => Record<string, string | undefined>,
    code: number,
    error: string,
    status?: number,
  ];
  const cases: Case[] = [
    ['without grant_type', () => ({ grant_type: undefined }), 900144, 'invalid_request'],
    ['of another grant', () => ({ grant_type: 'client_credentials' }), 70003, 'unsupported_grant_type'],
    ['without requested_token_use', () => ({ requested_token_use: undefined }), 900144, 'invalid_request'],
    ['with another requested_token_use', () => ({ requested_token_use: 'x' }), 70003, 'unsupported_grant_type'],
    ['without client_id', () => ({ client_id: undefined }), 900144, 'invalid_request'],
    ['of an unknown client', () => ({ client_id: crypto.randomUUID() }), 700016, 'unauthorized_client'],
    ['without client credential', () => ({ client_secret: undefined }), 7000218, 'invalid_client', 401],
    ['with a wrong secret', () => ({ client_secret: 'wrong' }), 7000215, 'invalid_client', 401],
    ['without scope', () => ({ scope: undefined }), 900144, 'invalid_request'],
    ['with OpenID scopes alone', () => ({ scope: 'openid offline_access' }), 70011, 'invalid_scope'],
    ['with a scope that is none', () => ({ scope: 'nonsense' }), 70011, 'invalid_scope'],
    ['for another resource', () => ({ scope: 'https://graph.microsoft.com/.default' }), 500011, 'invalid_resource'],
    ['for a permission without consent', () => ({ scope: `${scene.graph.origin}/Mail.Send` }), 65001, 'invalid_grant'],
    [
      'mixing .default with a permission',
      () => ({
        scope: `${scene.graph.origin}/.default ${scene.graph.origin}/DeviceManagementConfiguration.ReadWrite.All`,
      }),
      70011,
      'invalid_scope',
    ],
    ['without assertion', () => ({ assertion: undefined }), 900144, 'invalid_request'],
    ['with claims that are no JSON', () => ({ claims: 'eyJhY2Nlc3NfdG9rZW4iOnt9fQ' }), 50148, 'invalid_request'],
    // The order of the checks: the earlier fault wins.
    [
      'with a wrong client and a wrong secret',
      () => ({ client_id: 'x', client_secret: 'x' }),
      700016,
      'unauthorized_client',
    ],
    [
      'with a wrong secret and no scope',
      () => ({ client_secret: 'x', scope: undefined }),
      7000215,
      'invalid_client',
      401,
    ],
    ['with a bad scope and a bad assertion', () => ({ scope: 'x', assertion: 'x' }), 70011, 'invalid_scope'],
  ];
  test.each(cases)('%s', async (_name, changes, code, error, status = 400) => {
    const answer = await scene.exchange(changes());
    expect([answer.status, answer.body.error, answer.body.error_codes]).toStrictEqual([status, error, [code]]);
  });

  test('of an unknown tenant, and of /common', async () => {
    expect((await scene.exchange({}, { tenant: crypto.randomUUID() })).body.error_codes).toStrictEqual([90002]);
    expect((await scene.exchange({}, { tenant: 'common' })).body.error_codes).toStrictEqual([9001023]);
  });

  test('whose form is sent as JSON', async () => {
    const answer = await scene.exchange({}, { headers: { 'Content-Type': 'application/json' } });
    expect(answer.body.error_codes).toStrictEqual([900144]);
  });

  test('when nothing was consented to', async () => {
    scene.entra.grantedScopes = [];
    expect((await scene.exchange()).body).toMatchObject({ error_codes: [65001], suberror: 'consent_required' });
  });

  test("in Entra's words, with the ids that support asks for", async () => {
    const correlationId = crypto.randomUUID();
    const { body } = await scene.exchange({ client_secret: 'x', 'client-request-id': correlationId });
    expect(body).toStrictEqual({
      error: 'invalid_client',
      error_description: expect.stringMatching(
        /^AADSTS7000215: Invalid client secret .* Trace ID: \S+ Correlation ID: \S+ Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
      ),
      error_codes: [7000215],
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      trace_id: expect.any(String),
      correlation_id: correlationId,
      error_uri: `${scene.entra.origin}/error?code=7000215`,
    });
  });
});

describe("refuses a caller's token", () => {
  const cases: [name: string, mint: () => MintOptions, code: number][] = [
    ['that has expired', () => ({ exp: now() - 1 }), 500133],
    ['that is not valid yet', () => ({ nbf: now() + 900 }), 500133],
    ['for another audience', () => ({ aud: 'api://somebody-else' }), 500131],
    ['for Graph', () => ({ aud: scene.graph.origin }), 500131],
    ['whose audience is in upper case', () => ({ aud: scene.entra.audience.toUpperCase() }), 500131],
    ['of another tenant', () => ({ tid: '99999999-0000-4000-8000-000000000000' }), 50013],
    ['of another issuer', () => ({ iss: 'https://evil.test' }), 50013],
    ['of an app alone', () => ({ omit: ['scp'], claims: { roles: ['Do.All'] } }), 7000114],
    ['marked as an app', () => ({ claims: { idtyp: 'app' } }), 7000114],
    ['that is an id token', () => ({ omit: ['scp', 'azp', 'azpacr'] }), 240002],
    ['whose key is unknown', () => ({ header: { kid: 'unknown' } }), 50013],
    ['that says it needs no signature', () => ({ header: { alg: 'none' } }), 50013],
  ];
  test.each(cases)('%s', async (_name, mint, code) => {
    const { status, body } = await scene.exchange({ assertion: scene.entra.mintToken(mint()) });
    expect([status, body.error_codes]).toStrictEqual([400, [code]]);
  });

  test('that is malformed', async () => {
    for (const assertion of ['x', 'a.b.c', `${base64url({})}.${base64url([])}.x`]) {
      expect((await scene.exchange({ assertion })).body.error_codes).toStrictEqual([50027]);
    }
  });

  test('that is forged', async () => {
    const [header = '', payload = ''] = scene.entra.mintToken().split('.');
    const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const hs256 = `${base64url({ alg: 'HS256', kid: scene.entra.publicKeys().keys[0]?.kid })}.${payload}`;
    const forgeries = [
      `${header}.${payload}.${sign('sha256', Buffer.from(`${header}.${payload}`), foreign).toString('base64url')}`,
      `${hs256}.${createHmac('sha256', scene.entra.signingKeyPem()).update(hs256).digest('base64url')}`,
      `${header}.${payload}.`,
    ];
    for (const assertion of forgeries) {
      expect((await scene.exchange({ assertion })).body.error_codes).toStrictEqual([50013]);
    }
  });
});

describe('a client assertion', () => {
  const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const send = (client_assertion: string, client_assertion_type: string | undefined = JWT_BEARER) =>
    scene.exchange({ client_secret: undefined, client_assertion, client_assertion_type });
  const federated = (claims: Record<string, unknown> = {}, key = pair.privateKey) =>
    new SignJWT({
      iss: 'https://oidc.test',
      sub: 'gateway',
      aud: 'api://AzureADTokenExchange',
      exp: now() + 60,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .sign(key);

  beforeAll(() => {
    scene.entra.acceptFederated({ issuer: 'https://oidc.test', subject: 'gateway', key: pair.publicKey });
  });

  test('of a federated issuer is believed', async () => {
    expect((await send(await federated())).status).toBe(200);
  });

  test('of a federated issuer is refused when anything about it is wrong', async () => {
    const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const codes = [
      await send(await federated({ iss: 'https://other.test' })),
      await send(await federated({ sub: 'other' })),
      await send(await federated({ aud: 'api://other' })),
      await send(await federated({}, foreign)),
      await send(await federated({ exp: now() - 1 })),
      await send('nonsense'),
    ].map(({ status, body }) => [status, body.error_codes]);
    expect(codes).toStrictEqual([700211, 700213, 700212, 700027, 700024, 50027].map((code) => [401, [code]]));
  });

  test('needs its type named', async () => {
    expect((await send(await federated(), 'other')).body.error_codes).toStrictEqual([900144]);
  });

  const thumbprint = (pem: string, algorithm = 'sha1') =>
    createHash(algorithm).update(new X509Certificate(pem).raw).digest('base64url');
  const own = (header: Record<string, string>, key: KeyObject, claims: Record<string, unknown> = {}) => {
    const { clientId, origin, tenantId } = scene.entra;
    const aud = `${origin}/${tenantId}/oauth2/v2.0/token`;
    return new SignJWT({ iss: clientId, sub: clientId, aud, exp: now() + 60, ...claims })
      .setProtectedHeader({ alg: 'PS256', ...header })
      .sign(key);
  };

  test('of a certificate is believed, whichever thumbprint it names', async () => {
    const { certificate, privateKey } = createSelfSignedCertificate();
    scene.entra.acceptCertificate(certificate);
    const key = createPrivateKey(privateKey);
    const headers = [{ x5t: thumbprint(certificate) }, { 'x5t#S256': thumbprint(certificate, 'sha256'), alg: 'RS256' }];
    for (const header of headers) expect((await send(await own(header, key))).status).toBe(200);
  });

  test('of a certificate is refused when anything about it is wrong', async () => {
    const { certificate, privateKey } = createSelfSignedCertificate();
    scene.entra.acceptCertificate(certificate);
    const [key, x5t] = [createPrivateKey(privateKey), thumbprint(certificate)];
    const codes = [
      await send(await own({ x5t: 'unknown' }, key)),
      await send(await own({ x5t }, pair.privateKey)),
      await send(await own({ x5t }, key, { sub: 'somebody' })),
      await send(await own({ x5t }, key, { exp: now() - 1 })),
      await send(await own({ x5t }, key, { aud: 'https://other.test' })),
    ].map(({ status, body }) => [status, body.error_codes]);
    expect(codes).toStrictEqual([700027, 50012, 700021, 700024, 700023].map((code) => [401, [code]]));
  });
});

describe('demanded claims', () => {
  const oid = '11111111-2222-4333-8444-555555555555';
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

  test('are asked of that user until the request holds them', async () => {
    scene.entra.requireClaimsFor(oid, claims);
    const assertion = scene.entra.mintToken({ oid });
    expect((await scene.exchange({ assertion })).body).toMatchObject({
      error: 'invalid_grant',
      error_codes: [50076],
      suberror: 'basic_action',
      claims,
    });
    const more = '{"access_token":{"acrs":{"essential":true,"value":"c1"},"xms_cc":{"values":["cp1"]}}}';
    expect((await scene.exchange({ assertion, claims: more })).status).toBe(200);
    expect((await scene.exchange()).status).toBe(200);
  });

  test('may be worded otherwise', async () => {
    scene.entra.requireClaimsFor(oid, claims, { code: 53003, suberror: 'message_only' });
    const { body } = await scene.exchange({ assertion: scene.entra.mintToken({ oid }) });
    expect(body).toMatchObject({ error_codes: [53003], suberror: 'message_only' });
  });
});
