import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { GatewayError } from '../errors.ts';
import { startBudget } from '../http/budget.ts';
import type { Transport } from '../http/transport.ts';

/** Entra answers v1 and v2 tokens with different issuers and documents (facts, section 4). */
export type TokenVersion = 'v1' | 'v2';

export interface OpenIdConfiguration {
  readonly issuer: string;
  readonly jwksUri: string;
  /** The document as Entra sent it. */
  readonly text: string;
}

/** What Entra publishes about itself: one fetch in flight for each document, last known good kept. */
export interface Discovery {
  /** @throws GatewayError UPSTREAM_UNAVAILABLE when it was never reached. */
  configuration(version: TokenVersion): Promise<OpenIdConfiguration>;
  /** The public keys. An unknown key id has them fetched again, at most once in a cooldown. */
  readonly keys: Readonly<Record<TokenVersion, JWTVerifyGetKey>>;
}

export interface DiscoveryOptions {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly transport: Transport;
  readonly requestTimeoutMs: number;
  readonly clock?: () => number;
}

/** Entra's advice: refresh hourly, and at once for an unknown key id, but rarely (signing-key-rollover). */
const REFRESH_MS = 60 * 60 * 1000;
/** Unknown key ids are free to invent, so they may not buy more fetches than this; also the delay of a rollover. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;

/** Stale is served while a fetch runs and when it fails: Entra being down must not refuse callers with known keys. */
const keepLastGood = {
  max: 2,
  ttl: REFRESH_MS,
  allowStale: true,
  noDeleteOnStaleGet: true,
  noDeleteOnFetchRejection: true,
  allowStaleOnFetchRejection: true,
} as const;

export function createDiscovery(options: DiscoveryOptions): Discovery {
  const clock = options.clock ?? Date.now;
  const root = `${options.authorityHost}/${options.tenantId}`;
  const configurations = new LRUCache<TokenVersion, OpenIdConfiguration>({
    ...keepLastGood,
    async fetchMethod(version) {
      const text = await fetchText(`${root}${version === 'v2' ? '/v2.0' : ''}/.well-known/openid-configuration`);
      const { issuer, jwks_uri: jwksUri } = asRecord(text);
      if (typeof issuer !== 'string' || typeof jwksUri !== 'string') throw senseless();
      return { issuer, jwksUri, text };
    },
  });
  const keySets = new LRUCache<TokenVersion, ReturnType<typeof createLocalJWKSet>>({
    ...keepLastGood,
    async fetchMethod(version) {
      const { keys } = asRecord(await fetchText((await configuration(version)).jwksUri));
      if (!Array.isArray(keys)) throw senseless();
      return createLocalJWKSet({ keys });
    },
  });

  async function configuration(version: TokenVersion): Promise<OpenIdConfiguration> {
    const document = await configurations.fetch(version);
    if (document === undefined) throw senseless();
    return document;
  }

  /** jose's own remote key set drops the keys it knows when a refresh fails, hence this one around its local set. */
  function keysOf(version: TokenVersion): JWTVerifyGetKey {
    let refreshing: Promise<ReturnType<typeof createLocalJWKSet> | undefined> | undefined;
    let lastMiss = Number.NEGATIVE_INFINITY;
    return async (header, token) => {
      const fetchedBefore = keySets.has(version);
      const keySet = await keySets.fetch(version);
      if (keySet === undefined) throw senseless();
      try {
        return await keySet(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || !fetchedBefore) throw error;
        if (clock() - lastMiss >= UNKNOWN_KEY_COOLDOWN_MS) {
          refreshing ??= keySets.fetch(version, { forceRefresh: true }).finally(() => {
            refreshing = undefined;
          });
        }
        const fresh = await refreshing;
        if (fresh === undefined) throw error;
        return fresh(header, token).catch((missing: unknown) => {
          // Only a key id that Entra does not know either starts the cooldown: a real rollover is learnt each time.
          lastMiss = clock();
          throw missing;
        });
      }
    };
  }

  async function fetchText(address: string): Promise<string> {
    const url = new URL(address);
    const budget = startBudget(options.requestTimeoutMs);
    try {
      const request = { method: 'GET', origin: url.origin, path: url.pathname + url.search, headers: {} } as const;
      const answer = await options.transport.send(request, { budget });
      if (answer.status !== 200) throw senseless(`status ${answer.status}`);
      return answer.text;
    } catch (cause) {
      throw cause instanceof GatewayError ? cause : senseless(cause);
    } finally {
      budget.close();
    }
  }

  return { configuration, keys: { v1: keysOf('v1'), v2: keysOf('v2') } };
}

function senseless(cause?: unknown): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Entra ID could not be asked for its keys.', {
    cause,
    status: 503,
    retryAfterMs: 1000,
  });
}

function asRecord(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Not JSON: the same as a document without its members.
  }
  return {};
}
