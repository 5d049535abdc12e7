import { createHash, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { JsonObject } from '../json.ts';

/** One RSA key as the keys document shows it. */
export interface PublicKey {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly kid: string;
  readonly x5t: string;
  readonly n: string;
  readonly e: string;
}

/** The keys with which Entra signs. */
export interface SigningKeys {
  /** Signs with the newest key. `header` is merged over the ordinary one, whatever nonsense it says. */
  sign(payload: JsonObject, header?: JsonObject): string;
  /** What the keys document shows. */
  published(): PublicKey[];
  /** The newest key's public half as PEM (SPKI). */
  publicPem(): string;
  /** A key that signed once, published or not: tokens issued before a rotation stay good until they expire. */
  find(kid: string | undefined): KeyObject | undefined;
  rotate(): Promise<void>;
}

interface Key {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly document: PublicKey;
}

/** Rotations beyond this forget the oldest key. */
const MOST_KEYS = 10;

/**
 * Making a key takes longer than starting everything else, and tests start emulators by the thousand. So many take turns
 * with the first keys of a process; emulators that live at the same time have different ones.
 */
const FIRST_KEYS = 4;
const firstKeys: Promise<Key>[] = [];
let started = 0;

/** A key set with one RSA key. */
export async function createSigningKeys(): Promise<SigningKeys> {
  const turn = started % FIRST_KEYS;
  started += 1;
  firstKeys[turn] ??= createKey();
  let keys = [await firstKeys[turn]];
  const newest = (): Key => keys[0] as Key;
  return {
    sign(payload, header = {}) {
      const { privateKey, document } = newest();
      return signJws({ typ: 'JWT', alg: 'RS256', kid: document.kid, ...header }, payload, privateKey);
    },
    published: () => [newest().document],
    publicPem: () => newest().publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    find: (kid) => keys.find(({ document }) => document.kid === kid)?.publicKey,
    async rotate() {
      keys = [await createKey(), ...keys].slice(0, MOST_KEYS);
    },
  };
}

function signJws(header: JsonObject, payload: JsonObject, key: KeyObject): string {
  const signed = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

async function createKey(): Promise<Key> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = pair.publicKey.export({ format: 'jwk' });
  // Entra's key ids are certificate thumbprints: 27 characters of base64url. Any digest of the key looks the same.
  const kid = createHash('sha1').update(n).digest('base64url');
  return { ...pair, document: { kty: 'RSA', use: 'sig', kid, x5t: kid, n, e } };
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
