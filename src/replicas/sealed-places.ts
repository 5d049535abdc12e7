import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { KEY_PREFIX } from './key-prefix.ts';

/** A key in Redis, and what is needed to read and write there. */
export interface SealedPlace {
  readonly key: string;
  seal(text: string): string;
  /** @returns undefined for whatever was not sealed for this very place: foreign, swapped, changed or cut off */
  open(sealed: string): string | undefined;
}

export interface SealedPlaces {
  /** @param secret what only those know who may read there, such as a caller's token */
  of(kind: 'token' | 'query', secret: string): SealedPlace;
}

export interface SealedPlacesOptions {
  /** `SHARED_CACHE_SECRET`. */
  readonly salt: string;
  /** Whose places they are: tenant, client, scope. Others who use the same Redis have others. */
  readonly deployment: readonly string[];
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Places whose names and keys are derived (HKDF-SHA256) from a secret that Redis never sees. Who reads Redis learns
 * nothing but how many there are and how large; who writes to it cannot make one that opens.
 */
export function createSealedPlaces({ salt, deployment }: SealedPlacesOptions): SealedPlaces {
  return {
    of(kind, secret) {
      const info = JSON.stringify([KEY_PREFIX, kind, ...deployment]);
      const derived = Buffer.from(hkdfSync('sha256', secret, salt, info, 2 * KEY_BYTES));
      const key = `${KEY_PREFIX}${kind}:${derived.toString('base64url', 0, KEY_BYTES)}`;
      const aes = derived.subarray(KEY_BYTES);
      return { key, seal: (text) => seal(text, key, aes), open: (sealed) => open(sealed, key, aes) };
    },
  };
}

function seal(text: string, key: string, aes: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, aes, iv).setAAD(Buffer.from(key));
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function open(sealed: string, key: string, aes: Buffer): string | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
  const tagAt = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, aes, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(key))
    .setAuthTag(bytes.subarray(tagAt));
  try {
    return decipher.update(bytes.subarray(IV_BYTES, tagAt), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}
