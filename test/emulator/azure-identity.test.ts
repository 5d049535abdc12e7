import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OnBehalfOfCredential } from '@azure/identity';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLoopbackHttpClient } from './loopback-http-client.ts';
import { COLLECTION, type Scene, startScene } from './scene.ts';
import { createSelfSignedCertificate } from './self-signed-certificate.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

const common = () => ({
  tenantId: scene.entra.tenantId,
  clientId: scene.entra.clientId,
  userAssertionToken: scene.entra.mintToken(),
  authorityHost: scene.entra.origin.replace('http:', 'https:'),
  disableInstanceDiscovery: true,
  httpClient: createLoopbackHttpClient(scene.entra.origin),
  retryOptions: { maxRetries: 0 },
});
const scope = () => `${scene.graph.origin}/.default`;
const credential = (proof: Record<string, unknown>) =>
  new OnBehalfOfCredential(Object.assign(common(), proof) as ReturnType<typeof common> & { clientSecret: string });
const tokenRequests = () => scene.entra.requests.filter(({ method }) => method === 'POST');
const causeOf = (error: unknown) => (error as { cause: Record<string, unknown> }).cause;

describe('the real @azure/identity on-behalf-of credential', () => {
  test('exchanges with the secret for a token that Graph takes, and caches it', async () => {
    const subject = credential({ clientSecret: scene.entra.clientSecret });
    const { token, expiresOnTimestamp } = await subject.getToken(scope());
    expect((await subject.getToken(scope())).token).toBe(token);
    expect(tokenRequests()).toHaveLength(1);
    expect(expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_900_000);
    expect((await scene.call('GET', `${COLLECTION}/session-1`, { token })).status).toBe(200);
  });

  test('exchanges with a client certificate', async () => {
    const { certificate, privateKey } = createSelfSignedCertificate();
    scene.entra.acceptCertificate(certificate);
    const folder = await mkdtemp(join(tmpdir(), 'emulator-'));
    const certificatePath = join(folder, 'client.pem');
    await writeFile(certificatePath, certificate + privateKey);
    try {
      expect((await credential({ certificatePath }).getToken(scope())).token).toBeTruthy();
      expect(tokenRequests()[0]?.form?.client_assertion).toBeTruthy();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('is refused with a certificate that is not registered', async () => {
    const { certificate, privateKey } = createSelfSignedCertificate();
    const folder = await mkdtemp(join(tmpdir(), 'emulator-'));
    const certificatePath = join(folder, 'client.pem');
    await writeFile(certificatePath, certificate + privateKey);
    try {
      const error = await credential({ certificatePath }).getToken(scope()).catch(causeOf);
      expect(error).toMatchObject({ name: 'ServerError', errorNo: 700027 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('exchanges with a federated assertion', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const [issuer, subject] = ['https://oidc.test', 'system:serviceaccount:gateway'];
    scene.entra.acceptFederated({ issuer, subject, key: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] } });
    const getAssertion = () =>
      new SignJWT({ iss: issuer, sub: subject, aud: 'api://AzureADTokenExchange' })
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .setExpirationTime('5m')
        .sign(privateKey);
    expect((await credential({ getAssertion }).getToken(scope())).token).toBeTruthy();
  });

  test('reports a wrong secret as the server error 7000215', async () => {
    const error = await credential({ clientSecret: 'wrong' }).getToken(scope()).catch(causeOf);
    expect(error).toMatchObject({ name: 'ServerError', errorCode: 'invalid_client', errorNo: 7000215 });
  });

  test('reports a demanded step-up with its claims, and gets through with them', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    const oid = '11111111-2222-4333-8444-555555555555';
    scene.entra.requireClaimsFor(oid, claims);
    const proof = { clientSecret: scene.entra.clientSecret, userAssertionToken: scene.entra.mintToken({ oid }) };
    const error = await credential(proof).getToken(scope()).catch(causeOf);
    expect(error).toMatchObject({
      name: 'InteractionRequiredAuthError',
      subError: 'basic_action',
      claims,
      errorNo: 50076,
    });
    expect((await credential(proof).getToken(scope(), { claims })).token).toBeTruthy();
  });

  test("answers Graph's claims challenge with a token that Graph takes", async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}';
    const subject = credential({ clientSecret: scene.entra.clientSecret });
    const first = await subject.getToken(scope(), { enableCae: true });
    scene.graph.requireClaims(claims);
    expect((await scene.call('GET', COLLECTION, { token: first?.token ?? '' })).status).toBe(401);
    const second = await subject.getToken(scope(), { enableCae: true, claims });
    expect((await scene.call('GET', COLLECTION, { token: second?.token ?? '' })).status).toBe(200);
  });
});
