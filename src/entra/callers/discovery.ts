import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import { GatewayError } from '../../errors.ts';
import type { Transport } from '../../http/transport.ts';
import type { Watch } from '../../observability/telemetry/watched-numbers.ts';
import { createLastGood, type LastGood } from './last-good.ts';
import { fetchPublished, keysUnavailable } from './published-document.ts';
import { createWaitingRoom } from './waiting-room.ts';

/** Entra answers v1 and v2 tokens with different issuers and documents (facts, section 4). */
export type TokenVersion = 'v1' | 'v2';

export interface OpenIdConfiguration {
  readonly issuer: string;
  readonly jwksUri: string;
  /** The document as Entra sent it. */
  readonly text: string;
}

/** What Entra publishes about itself: fetched once for all who wait, last known good kept. */
export interface Discovery {
  /** @throws GatewayError UPSTREAM_UNAVAILABLE when it was never reached. */
  configuration(version: TokenVersion): OpenIdConfiguration | Promise<OpenIdConfiguration>;
  /**
   * The public keys. A known key id never waits. An unknown one has the keys fetched again, at most once in a cooldown;
   * while they cannot be fetched it is UPSTREAM_UNAVAILABLE, and they are asked for once a second.
   */
  readonly keys: Readonly<Record<TokenVersion, JWTVerifyGetKey>>;
  /** Whether the document and the keys of v2 were fetched once; it stays true. */
  readonly ready: boolean;
  /** Fetches them now, and once a second until it succeeds; resolves when the first try has ended, however it did. */
  warmUp(): Promise<void>;
  /** Ends what `warmUp` began. */
  close(): void;
}

export interface DiscoveryOptions {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly transport: Transport;
  readonly requestTimeoutMs: number;
  /** Told when Entra cannot be asked, once for each new reason, and when it can again. */
  readonly log?: Pick<Logger, 'info' | 'warn'> | undefined;
  readonly watch?: Watch | undefined;
  /** Milliseconds that a caller waits for keys while others are being served. */
  readonly patienceMs?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Entra's advice: refresh hourly, and at once for an unknown key id, but rarely (signing-key-rollover). */
const REFRESH_MS = 60 * 60 * 1000;
/** Entra being down must not refuse callers with known keys, nor be asked again by each of them. */
const RETRY_MS = 10_000;
/** Unknown key ids are free to invent, so they may not buy more fetches than this; also the delay of a rollover. */
const UNKNOWN_KEY_COOLDOWN_MS = 30_000;
/** While a document fails: who it matters to is served within two seconds of its return. */
const SPACING_MS = 1_000;
/** A little more, so that each try finds the time of the one before it over. */
const WARM_UP_MS = 1_100;
/** Well below how many may be inside, so that strangers cannot fill the house; a herd that meets a rollover shares one fetch. */
const MAX_WAITING = 100;
const PATIENCE_MS = 1_000;

export function createDiscovery(options: DiscoveryOptions): Discovery {
  const clock = options.clock ?? Date.now;
  const root = `${options.authorityHost}/${options.tenantId}`;
  const queue = createWaitingRoom({
    places: MAX_WAITING,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    refusal: () => keysUnavailable("Entra's documents are being waited for, by others or for too long"),
  });
  let keysFetchedAt: number | undefined;
  let failures = 0;
  const v1 = publishedFor('');
  const v2 = publishedFor('/v2.0');
  let warmingUp: NodeJS.Timeout | undefined;
  options.watch?.('keys.age', () => (keysFetchedAt === undefined ? undefined : (clock() - keysFetchedAt) / 1000));
  options.watch?.('keys.failures', () => failures);
  let closed = false;

  function publishedFor(path: string) {
    const times = { refreshMs: REFRESH_MS, retryMs: RETRY_MS, spacingMs: SPACING_MS, clock };
    const report = createReport(
      (hint) => tell(`${root}${path}`, hint),
      () => {
        failures += 1;
      },
    );
    const configuration = createLastGood<OpenIdConfiguration>({
      ...times,
      load: report(async () => {
        const address = `${root}${path}/.well-known/openid-configuration`;
        const { text, document } = await fetchPublished(address, options);
        const { issuer, jwks_uri: jwksUri } = document;
        if (typeof issuer !== 'string' || typeof jwksUri !== 'string' || !URL.canParse(jwksUri)) {
          throw keysUnavailable('the discovery document names no issuer or no keys; look at AZURE_AUTHORITY_HOST');
        }
        return { issuer, jwksUri, text };
      }),
    });
    const keySet = createLastGood({
      ...times,
      load: report(async () => {
        const { document } = await fetchPublished((await configuration.get()).jwksUri, options);
        const keys = readKeys(document.keys);
        keysFetchedAt = clock();
        return keys;
      }, 'keys'),
    });
    return { configuration, keySet, keys: keysOf(keySet) };
  }

  function tell(entra: string, hint: string | undefined) {
    // What the end of the process breaks off is no failure of Entra's.
    if (closed) return;
    if (hint === undefined) options.log?.info({ entra }, "Entra's discovery document and keys were fetched");
    else options.log?.warn({ entra, hint }, "Entra's discovery document or keys cannot be had");
  }

  /** jose's own remote key set drops the keys it knows when a refresh fails, hence this one around its local set. */
  function keysOf(keySet: LastGood<ReturnType<typeof createLocalJWKSet>>): JWTVerifyGetKey {
    let lastMiss = Number.NEGATIVE_INFINITY;
    return async (header, token) => {
      const known = keySet.current !== undefined;
      const find = await patiently(keySet);
      try {
        return await find(header, token);
      } catch (error) {
        if (!known || !(error instanceof errors.JWKSNoMatchingKey)) throw error;
        const coolingDown = Math.abs(clock() - lastMiss) < UNKNOWN_KEY_COOLDOWN_MS;
        // While the keys cannot be fetched nobody knows whether Entra has this one: that is no 401.
        if (coolingDown && !keySet.failing) throw error;
        const findFresh = await queue(keySet.refresh);
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

  /** As long as no caller at all can be known, waiting for the documents takes a place from nobody. */
  function patiently<T>(document: LastGood<T>): T | Promise<T> {
    const somebodyIsKnown = v1.keySet.current !== undefined || v2.keySet.current !== undefined;
    if (document.current !== undefined || !somebodyIsKnown) return document.get();
    return queue(document.refresh);
  }

  const isReady = () => v2.keySet.current !== undefined;
  return {
    configuration: (version) => patiently((version === 'v1' ? v1 : v2).configuration),
    keys: { v1: v1.keys, v2: v2.keys },
    get ready() {
      return isReady();
    },
    async warmUp() {
      const first = Promise.resolve(v2.keySet.get());
      warmingUp ??= setInterval(() => {
        if (isReady()) clearInterval(warmingUp);
        else v2.keySet.refresh().catch(() => {});
      }, WARM_UP_MS).unref();
      // Why it failed is in the log.
      await first.catch(() => {});
    },
    close() {
      closed = true;
      clearInterval(warmingUp);
    },
  };
}

/** An empty list would refuse everybody; Entra never has none. */
function readKeys(keys: unknown): ReturnType<typeof createLocalJWKSet> {
  if (Array.isArray(keys) && keys.length > 0) {
    try {
      return createLocalJWKSet({ keys });
    } catch {
      // Said below.
    }
  }
  throw keysUnavailable("Entra's key document holds no keys; look at AZURE_AUTHORITY_HOST");
}

/** Wraps the loads of one version's documents: each new reason of a failure is told once, and its end (undefined) too. */
function createReport(tell: (hint: string | undefined) => void, onFailure: () => void) {
  let lastHint: string | undefined = '';
  return <T>(load: () => Promise<T>, last?: 'keys') =>
    async () => {
      try {
        const loaded = await load();
        if (last !== undefined && lastHint !== undefined) {
          lastHint = undefined;
          tell(undefined);
        }
        return loaded;
      } catch (failure) {
        onFailure();
        const hint = failure instanceof GatewayError ? failure.details.hint : String(failure);
        if (hint !== lastHint) tell(hint);
        lastHint = hint;
        throw failure;
      }
    };
}
