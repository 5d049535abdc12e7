import { createPublicKey, type JsonWebKey, KeyObject } from 'node:crypto';
import type { JsonObject } from '../../json.ts';

/** A federated identity credential: whose assertions the app may present as its own proof. */
export interface FederatedTrust {
  issuer: string;
  subject: string;
  /** Default `api://AzureADTokenExchange`. */
  audience?: string;
  /** The issuer's public key: PEM, a key object, one JWK, or a key set. */
  key: string | KeyObject | JsonWebKey | { keys: readonly JsonWebKey[] };
}

/** A registered credential. */
export interface FederatedRecord {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** The key that an assertion's header names, or the only one. */
  find(header: JsonObject): KeyObject | undefined;
}

/** The app's federated identity credentials. */
export interface FederatedStore {
  add(trust: FederatedTrust): void;
  list(): readonly FederatedRecord[];
}

/** Entra's own limit of an app. */
const MOST_RECORDS = 20;

/** No federated credential yet. */
export function createFederatedStore(): FederatedStore {
  const records: FederatedRecord[] = [];
  return {
    add({ issuer, subject, audience = 'api://AzureADTokenExchange', key }) {
      if (records.length >= MOST_RECORDS) throw new RangeError(`more than ${MOST_RECORDS} federated credentials`);
      const keys = importKeys(key);
      records.push({
        issuer,
        subject,
        audience,
        find: ({ kid }) => (keys.length === 1 ? keys[0] : keys.find((one) => one.kid === kid))?.key,
      });
    },
    list: () => records,
  };
}

function importKeys(key: FederatedTrust['key']): { kid: unknown; key: KeyObject }[] {
  if (typeof key === 'string') return [{ kid: undefined, key: createPublicKey(key) }];
  if (key instanceof KeyObject) return [{ kid: undefined, key: key.type === 'private' ? createPublicKey(key) : key }];
  const jwks: readonly JsonWebKey[] = Array.isArray(key.keys) ? key.keys : [key as JsonWebKey];
  return jwks.map((jwk) => ({ kid: jwk.kid, key: createPublicKey({ key: jwk, format: 'jwk' }) }));
}
