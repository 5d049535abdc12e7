import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { createSelfSignedCertificate } from '../emulator/self-signed-certificate.ts';

const { certificate, privateKey } = createSelfSignedCertificate();
const other = createSelfSignedCertificate();
const key = createPrivateKey(privateKey);
const encrypted = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'canary' }).toString();
const oldEncrypted =
  '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0\n\nAAAA\n-----END RSA PRIVATE KEY-----\n';
const pkcs1 = key.export({ type: 'pkcs1', format: 'pem' }).toString();

function load(pem: string) {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gateway.pem');
  writeFileSync(path, pem);
  const env = { AZURE_TENANT_ID: 'contoso.example', AZURE_CLIENT_ID: 'gateway', AZURE_CLIENT_CERTIFICATE_PATH: path };
  return loadConfig(env).entra.credential;
}

test.each([
  ['certificate first', certificate + privateKey],
  ['key first, with text around', `Bag Attributes\n${privateKey}subject=CN = gateway\n${certificate}`],
  ['an older form of key', certificate + pkcs1],
  ['a chain behind its own certificate', certificate + privateKey + other.certificate],
  ['lines as Windows ends them', (certificate + privateKey).replaceAll('\n', '\r\n')],
])('a certificate with its key is taken: %s', (_name, pem) => {
  expect(load(pem)).toMatchObject({ kind: 'certificate' });
});

test.each([
  ['nothing', '', 'it holds no certificate'],
  ['only a key', privateKey, 'it holds no certificate'],
  ['only a certificate', certificate, 'it holds no private key'],
  ["another certificate's key", certificate + other.privateKey, 'the key does not belong to the certificate'],
  ['an encrypted key', certificate + encrypted, 'its key is encrypted'],
  ['a key encrypted the old way', certificate + oldEncrypted, 'its key is encrypted'],
  ['a broken certificate', certificate.replace(/^[\w+/]{64}$/m, 'x') + privateKey, 'one of them cannot be read'],
])('anything else names the setting and what is wrong: %s', (_name, pem, problem) => {
  expect(() => load(pem)).toThrow(/AZURE_CLIENT_CERTIFICATE_PATH: expected a PEM file/);
  expect(() => load(pem)).toThrow(problem);
  expect(() => load(pem)).not.toThrow(/canary|[\w+/]{40}/);
});
