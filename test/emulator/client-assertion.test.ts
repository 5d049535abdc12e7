import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Scene, startScene } from './scene.ts';
import { createSelfSignedCertificate } from './self-signed-certificate.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

const now = () => Math.floor(Date.now() / 1_000);

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
