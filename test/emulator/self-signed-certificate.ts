import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A key and a certificate for it, as PEM. */
export interface SelfSignedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** A fresh RSA key with a self-signed X.509 certificate, written as DER by hand: CI machines may have no openssl. */
export function createSelfSignedCertificate(commonName = 'gateway.test'): SelfSignedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(commonName)))));
  const validity = der(SEQUENCE, utcTime('240101000000Z'), utcTime('491231235959Z'));
  const version3 = der(0xa0, der(INTEGER, Buffer.of(2)));
  const serial = der(INTEGER, Buffer.concat([Buffer.of(1), randomBytes(8)]));
  const publicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const toBeSigned = der(SEQUENCE, version3, serial, SHA256_WITH_RSA, name, validity, name, publicKeyInfo);
  const signature = der(BIT_STRING, Buffer.of(0), sign('sha256', toBeSigned, privateKey));
  const lines =
    der(SEQUENCE, toBeSigned, SHA256_WITH_RSA, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    certificate: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const [INTEGER, BIT_STRING, UTF8_STRING, UTC_TIME, SEQUENCE, SET] = [0x02, 0x03, 0x0c, 0x17, 0x30, 0x31] as const;

/** Tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.of(tag, body.length), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, body]);
}

const utcTime = (text: string): Buffer => der(UTC_TIME, Buffer.from(text));

/** Object identifier 2.5.4.3. */
const COMMON_NAME = Buffer.from('0603550403', 'hex');
/** Algorithm identifier 1.2.840.113549.1.1.11 with its NULL parameter. */
const SHA256_WITH_RSA = Buffer.from('300d06092a864886f70d01010b0500', 'hex');
