import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import { createSelfSignedCertificate } from '../../emulator/self-signed-certificate.ts';
import { startGateway } from '../../support/gateway.ts';
import { createBrowser, pageData } from '../browser.ts';

async function file(content: string) {
  const folder = await mkdtemp(join(tmpdir(), 'credential-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'credential');
  await writeFile(path, content);
  return path;
}

async function signInWith(env: Record<string, string>) {
  const gateway = await startGateway({ env: { AZURE_CLIENT_SECRET: '', ...env } });
  const { entra } = gateway.emulator;
  const origin = gateway.url.replace('127.0.0.1', 'localhost');
  const finish = async () => {
    const browser = createBrowser();
    const answer = await browser.get(await browser.toCallback(`${origin}/sign-in`));
    const form = entra.requests.find(({ form }) => form?.grant_type === 'authorization_code')?.form;
    return { ...answer, form };
  };
  return { entra, finish, signIn: `${origin}/sign-in` };
}

it.each([
  ['', (pem: string) => pem],
  [' in its older form', (pem: string) => createPrivateKey(pem).export({ type: 'pkcs1', format: 'pem' }).toString()],
])('a certificate with its key%s signs for the gateway', async (_form, keyAs) => {
  const { certificate, privateKey } = createSelfSignedCertificate();
  const path = await file(keyAs(privateKey) + certificate);
  const { entra, finish } = await signInWith({ AZURE_CLIENT_CERTIFICATE_PATH: path });
  entra.acceptCertificate(certificate);
  const { status, text, form } = await finish();
  expect(status).toBe(200);
  expect(pageData(text).token).toMatch(/^eyJ/);
  expect(form).not.toHaveProperty('client_secret');
  expect(decodeProtectedHeader(form?.client_assertion ?? '')).toMatchObject({
    alg: 'PS256',
    'x5t#S256': expect.any(String),
  });
});

it('a certificate that Entra does not know is named by its setting', async () => {
  const { certificate, privateKey } = createSelfSignedCertificate();
  const { finish } = await signInWith({ AZURE_CLIENT_CERTIFICATE_PATH: await file(certificate + privateKey) });
  const { status, text } = await finish();
  expect(status).toBe(400);
  expect(text).toContain('AADSTS700027');
  expect(text).toContain('AZURE_CLIENT_CERTIFICATE_PATH');
});

it('the assertion of a federated credential is read anew for each sign-in', async () => {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const [issuer, subject] = ['https://oidc.test', 'gateway'];
  const assertion = (jti: string) =>
    new SignJWT({ iss: issuer, sub: subject, aud: 'api://AzureADTokenExchange', jti })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setExpirationTime('1h')
      .sign(privateKey);
  const path = await file(await assertion('one'));
  const { entra, finish } = await signInWith({ AZURE_FEDERATED_TOKEN_FILE: path });
  entra.acceptFederated({ issuer, subject, key: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] } });
  expect((await finish()).form?.client_assertion).toMatch(/^eyJ/);
  entra.clear();
  const second = await assertion('two');
  await writeFile(path, second);
  const { status, form } = await finish();
  expect(status).toBe(200);
  expect(form?.client_assertion).toBe(second);
});

it('a credential that has gone is a page that names its setting', async () => {
  const path = await file('soon gone');
  const { signIn } = await signInWith({ AZURE_FEDERATED_TOKEN_FILE: path });
  await rm(path);
  const { status, text } = await createBrowser().get(signIn);
  expect(status).toBe(424);
  expect(text).toContain('AZURE_FEDERATED_TOKEN_FILE');
});
