import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type { JsonObject } from '../../json.ts';

/** The client certificates registered on the app. */
export interface CertificateStore {
  add(pem: string): void;
  /** The key of the certificate whose thumbprint an assertion's header names, as x5t or x5t#S256. */
  find(header: JsonObject): KeyObject | undefined;
}

/** As many as anyone needs; the oldest makes room. */
const MOST_CERTIFICATES = 20;

/** No certificate yet. */
export function createCertificateStore(): CertificateStore {
  const certificates: { x5t: string; x5tS256: string; key: KeyObject }[] = [];
  return {
    add(pem) {
      const { raw, publicKey } = new X509Certificate(pem);
      const digest = (algorithm: string): string => createHash(algorithm).update(raw).digest('base64url');
      certificates.push({ x5t: digest('sha1'), x5tS256: digest('sha256'), key: publicKey });
      if (certificates.length > MOST_CERTIFICATES) certificates.shift();
    },
    find: (header) =>
      certificates.find(({ x5t, x5tS256 }) =>
        header['x5t#S256'] === undefined ? header.x5t === x5t : header['x5t#S256'] === x5tS256,
      )?.key,
  };
}
