import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { GatewayError } from '../errors.ts';
import { startBudget } from '../http/budget.ts';
import type { Transport } from '../http/transport.ts';
import { createLastGood, type LastGood } from './last-good.ts';

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
/** Entra being down must not refuse callers with known keys, nor be asked again by each of them. */
const RETRY_MS = 10_000;
/** Unknown key ids are free to invent, so they may not buy more fetches than this; also the delay of a rollover. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;

export function createDiscovery(options: DiscoveryOptions): Discovery {
  const clock = options.clock ?? Date.now;
  const root = `${options.authorityHost}/${options.tenantId}`;
  const v1 = publishedFor('');
  const v2 = publishedFor('/v2.0');

  function publishedFor(path: string) {
    const times = { refreshMs: REFRESH_MS, retryMs: RETRY_MS, clock };
    const configuration = createLastGood<OpenIdConfiguration>({
      ...times,
      async load() {
        const text = await fetchText(`${root}${path}/.well-known/openid-configuration`);
        const { issuer, jwks_uri: jwksUri } = asRecord(text);
        if (typeof issuer !== 'string' || typeof jwksUri !== 'string' || !URL.canParse(jwksUri)) throw senseless();
        return { issuer, jwksUri, text };
      },
    });
    const keySet = createLastGood({
      ...times,
      async load() {
        const { keys } = asRecord(await fetchText((await configuration.get()).jwksUri));
        // An empty list would refuse everybody; Entra never has none.
        if (!Array.isArray(keys) || keys.length === 0) throw senseless();
        try {
          return createLocalJWKSet({ keys });
        } catch (cause) {
          throw senseless(cause);
        }
      },
    });
    return { configuration, keys: keysOf(keySet) };
  }

  /** jose's own remote key set drops the keys it knows when a refresh fails, hence this one around its local set. */
  function keysOf(keySet: LastGood<ReturnType<typeof createLocalJWKSet>>): JWTVerifyGetKey {
    let lastMiss = Number.NEGATIVE_INFINITY;
    return async (header, token) => {
      const known = keySet.current !== undefined;
      const find = await keySet.get();
      try {
        return await find(header, token);
      } catch (error) {
        if (!known || !(error instanceof errors.JWKSNoMatchingKey)) throw error;
        if (clock() - lastMiss < UNKNOWN_KEY_COOLDOWN_MS) throw error;
        const findFresh = await keySet.refresh();
        try {
          return await findFresh(header, token);
        } catch (missing) {
          // Only a key id that Entra does not know either starts the cooldown: a real rollover is learnt each time.
          lastMiss = clock();
          throw missing;
        }
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

  return {
    configuration: async (version) => (version === 'v1' ? v1 : v2).configuration.get(),
    keys: { v1: v1.keys, v2: v2.keys },
  };
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
