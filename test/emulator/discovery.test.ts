import { createRemoteJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { read, type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());

const get = async (path: string) => read(await fetch(`${scene.entra.origin}${path}`));

test.each([
  ['2.0', '/v2.0', '/v2.0', (aud: { clientId: string }) => aud.clientId],
  ['1.0', '', '/', (aud: { audience: string }) => aud.audience],
] as const)('a caller of format %s is verified by its own documents', async (ver, version, issuerEnd, audience) => {
  const { origin, tenantId } = scene.entra;
  const { body } = await get(`/${tenantId}${version}/.well-known/openid-configuration`);
  expect(body).toMatchObject({
    issuer: `${origin}/${tenantId}${issuerEnd}`,
    jwks_uri: `${origin}/${tenantId}/discovery${version}/keys`,
    token_endpoint: `${origin}/${tenantId}/oauth2${version}/token`,
    authorization_endpoint: expect.any(String),
    end_session_endpoint: expect.any(String),
  });
  const token = scene.entra.mintToken({ ver });
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(String(body.jwks_uri))), {
    issuer: String(body.issuer),
    audience: audience(scene.entra),
    algorithms: ['RS256'],
  });
  expect(payload).toMatchObject({ ver, tid: tenantId, scp: 'access_as_user' });
  expect(payload).toHaveProperty(ver === '2.0' ? 'azp' : 'appid');
});

test('only the keys of format 2.0 name their issuer', async () => {
  const { origin, tenantId } = scene.entra;
  expect((await get(`/${tenantId}/discovery/v2.0/keys`)).body).toMatchObject({
    keys: [{ kty: 'RSA', use: 'sig', issuer: `${origin}/${tenantId}/v2.0` }],
  });
  expect((await get(`/${tenantId}/discovery/keys`)).body).toStrictEqual(scene.entra.publicKeys());
});

test('an unknown tenant has no documents', async () => {
  const { status, body } = await get(`/${crypto.randomUUID()}/v2.0/.well-known/openid-configuration`);
  expect([status, body.error, body.error_codes]).toStrictEqual([400, 'invalid_request', [90002]]);
});

test('the token endpoint takes only POST, and there is nothing else', async () => {
  const { tenantId } = scene.entra;
  expect((await get(`/${tenantId}/oauth2/v2.0/token`)).body.error_codes).toStrictEqual([900561]);
  expect((await get(`/${tenantId}/elsewhere`)).status).toBe(404);
  expect((await get('/%zz')).status).toBe(404);
});

test('a rotation replaces the published key and leaves what was signed good at Graph and in exchanges', async () => {
  const [before, graphToken] = [scene.entra.mintToken(), await scene.graphToken()];
  await scene.entra.rotateKeys();
  const after = scene.entra.mintToken();
  const { keys } = (await get(`/${scene.entra.tenantId}/discovery/v2.0/keys`)).body as unknown as JSONWebKeySet;
  expect(keys.map(({ kid }) => kid)).toStrictEqual([decodeProtectedHeader(after).kid]);
  expect(decodeProtectedHeader(before).kid).not.toBe(decodeProtectedHeader(after).kid);
  expect((await scene.exchange({ assertion: before })).status).toBe(200);
  const call = await scene.call('GET', '/RemoteHelpSessionRetrieveResponse/session-1', { token: graphToken });
  expect(call.status).toBe(200);
});

test('a minted token can be bent in every part', () => {
  const token = scene.entra.mintToken({ oid: 'o', claims: { nonce: 1 }, header: { kid: 'k' }, omit: ['uti'], exp: 5 });
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({ oid: 'o', nonce: 1, exp: 5 });
  expect(claims).not.toHaveProperty('uti');
  expect(decodeProtectedHeader(token)).toMatchObject({ kid: 'k', alg: 'RS256' });
});
