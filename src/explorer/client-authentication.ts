import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ClientAuth, ModifyAssertionFunction } from 'openid-client';
import type { Config } from '../config.ts';
import { createClientProof } from '../entra/exchange/client-credential.ts';
import { openidClient } from './development-packages.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** How the gateway proves itself at the token endpoint: the same secret, certificate or assertion as in the exchange. */
export async function clientAuthentication(entra: Config['entra']): Promise<ClientAuth> {
  const proof = createClientProof(entra);
  if ('clientSecret' in proof) return openidClient().ClientSecretPost(proof.clientSecret);
  if ('certificatePath' in proof) return signedByCertificate(await readFile(proof.certificatePath, 'utf8'));
  const assertion = await proof.getAssertion();
  return (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', ASSERTION_TYPE);
    body.set('client_assertion', assertion);
  };
}

/**
 * An assertion signed with the certificate's key. Entra finds the certificate by `x5t#S256` and wants PS256, and the
 * token endpoint as audience (entra-docs, certificate-credentials).
 * @param pem certificate and private key, one after the other
 */
async function signedByCertificate(pem: string): Promise<ClientAuth> {
  const { PrivateKeyJwt, modifyAssertion } = openidClient();
  const thumbprint = new X509Certificate(pem).fingerprint256.replaceAll(':', '');
  const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), algorithm, false, ['sign']);
  return (server, client, body, headers) => {
    const name: ModifyAssertionFunction = (header, payload) => {
      header['x5t#S256'] = Buffer.from(thumbprint, 'hex').toString('base64url');
      payload.aud = server.token_endpoint;
    };
    return PrivateKeyJwt(key, { [modifyAssertion]: name })(server, client, body, headers);
  };
}
