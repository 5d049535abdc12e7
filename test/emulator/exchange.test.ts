import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

const claimsOf = (token: unknown) =>
  JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8'));

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
