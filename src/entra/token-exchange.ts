import { LRUCache } from 'lru-cache';
import type { Config } from '../config.ts';
import { GatewayError, internalError } from '../errors.ts';
import { type Budget, startBudget } from '../http/budget.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { type AttemptFailure, retryDelay } from '../http/retry-delay.ts';
import type { HttpRequest, SendOptions, Transport } from '../http/transport.ts';
import { pause, withinBudget } from '../http/within-budget.ts';
import { observeCall } from '../observability/observe-call.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import { timed } from '../observability/stopwatch.ts';
import { azureIdentity } from './azure-identity.ts';
import type { AuthenticatedCaller } from './caller.ts';
import { createClientProof } from './client-credential.ts';
import type { Discovery } from './discovery.ts';
import {
  credentialSetting,
  exchangeFailure,
  isStaleClientAssertion,
  type TokenEndpointAnswer,
} from './exchange-failure.ts';
import { createIdentityHttpClient, identityAuthority } from './identity-http-client.ts';

export interface GraphTokenRequest {
  readonly caller: AuthenticatedCaller;
  readonly budget: Budget;
  readonly record: OperationRecord;
  /** A claims challenge of Graph, as JSON text, that the new token must meet. */
  readonly claims?: string | undefined;
  /** The token that Graph refused: it is exchanged anew unless somebody already did. */
  readonly rejected?: string | undefined;
}

/**
 * The caller's own token for Graph, from the cache at once or from Entra on-behalf-of.
 * @throws GatewayError for whatever Entra says or does not say; see `exchangeFailure`.
 */
export type TokenExchange = (request: GraphTokenRequest) => string | Promise<string>;

export interface TokenExchangeOptions {
  readonly config: Config;
  readonly discovery: Discovery;
  readonly transport: Transport;
  /** How many tokens are kept; the one that nobody used for longest goes first. */
  readonly maxTokens?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly random?: () => number;
}

/** About 2 KiB each: 200 MiB for more users than one process will meet within the life of their tokens. */
const MAX_TOKENS = 100_000;
/** A token is not used in its last minute (or last tenth, if it is short-lived): it must outlive the call it is for. */
const MAX_SKEW_MS = 60_000;
/** A user who must act is not asked about again at Entra for this long; consent by an administrator shows after it. */
const REFUSAL_LIFE_MS = 5_000;
const REFUSALS = new Set(['INTERACTION_REQUIRED', 'UNAUTHENTICATED', 'FORBIDDEN']);
/** MSAL knows these hosts' endpoints by heart; for others (tests, private clouds) it must not ask the public cloud. */
const PUBLIC_AUTHORITIES =
  /^https:\/\/login\.(microsoftonline\.(com|us)|(partner\.microsoftonline|chinacloudapi)\.cn|sovcloud-identity\.(fr|de|sg))$/;

/** Tokens by SHA-256 of the caller's assertion; the scope is the same for all, so it is no part of the key. */
type CacheEntry =
  | { readonly token: string; readonly usableUntil: number }
  | { readonly refusal: GatewayError; readonly usableUntil: number };

export function createTokenExchange(options: TokenExchangeOptions): TokenExchange {
  const { entra, graph } = options.config;
  const clock = options.clock ?? Date.now;
  const random = options.random ?? Math.random;
  const scope = `${new URL(graph.baseUrl).origin}/.default`;
  const authority = {
    authorityHost: identityAuthority(entra.authorityHost),
    disableInstanceDiscovery: !PUBLIC_AUTHORITIES.test(entra.authorityHost),
  };
  const proof = createClientProof(entra);
  const cache = new LRUCache<string, CacheEntry>({ max: options.maxTokens ?? MAX_TOKENS });
  const inFlight = new Map<string, Promise<string>>();

  return function getGraphToken(request): string | Promise<string> {
    const { caller, record, claims, rejected } = request;
    const entry = cache.get(caller.assertionHash);
    if (entry !== undefined && clock() < entry.usableUntil) {
      if ('refusal' in entry) throw entry.refusal;
      if (entry.token !== rejected) {
        record.tokenCacheHits += 1;
        return entry.token;
      }
    }
    record.tokenCacheMisses += 1;
    if (request.budget.ended !== undefined) throw timedOut(new HttpFailure(request.budget.ended, false));
    const flight = `${caller.assertionHash}${claims ?? ''}`;
    let exchange = inFlight.get(flight);
    const joined = exchange !== undefined;
    if (exchange === undefined) {
      exchange = exchangeAndKeep(caller.assertionHash, request).finally(() => inFlight.delete(flight));
      inFlight.set(flight, exchange);
    }
    return timed(record.exchangeTime, withinBudget(exchange, request.budget)).catch((failure: unknown) => {
      const startersTimeRanOut = failure instanceof GatewayError && failure.code === 'UPSTREAM_TIMEOUT';
      if (joined && startersTimeRanOut && request.budget.remaining() > 0) return getGraphToken(request);
      throw failure instanceof HttpFailure ? timedOut(failure) : failure;
    });
  };

  async function exchangeAndKeep(key: string, request: GraphTokenRequest): Promise<string> {
    try {
      const { token, expiresOnTimestamp } = await exchangeWithRetries(request);
      const life = expiresOnTimestamp - clock();
      cache.set(key, { token, usableUntil: expiresOnTimestamp - Math.min(MAX_SKEW_MS, life / 10) });
      return token;
    } catch (failure) {
      cache.delete(key);
      if (failure instanceof GatewayError && REFUSALS.has(failure.code)) {
        cache.set(key, { refusal: failure, usableUntil: clock() + REFUSAL_LIFE_MS });
      }
      throw failure;
    }
  }

  /** Others may be waiting for the same exchange, so it does not end when the client that started it goes. */
  async function exchangeWithRetries(request: GraphTokenRequest) {
    const { record } = request;
    const budget = startBudget(request.budget.remaining());
    try {
      for (let attempt = 1; ; attempt += 1) {
        const result = await attemptExchange(request, budget, attempt);
        if ('token' in result) return result;
        const { failure, error } = result;
        const delay = retryDelay(failure, 'read', attempt, random());
        if (delay === undefined) throw error;
        if (delay >= budget.remaining()) throw outOfTime(error, failure, delay);
        record.retries += 1;
        await timed(record.waitTime, pause(delay, budget));
      }
    } catch (failure) {
      throw failure instanceof HttpFailure ? timedOut(failure) : failure;
    } finally {
      budget.close();
    }
  }

  function outOfTime(error: GatewayError, failure: AttemptFailure, delay: number): GatewayError {
    if (error.code !== 'THROTTLED' && failure.retryAfterMs === undefined) return error;
    return new GatewayError('THROTTLED', 'Microsoft Entra ID asks to wait longer than this operation may take.', {
      ...error.details,
      retryAfterMs: delay,
    });
  }

  /** A fresh credential each time: an instance that has met a 429 or 5xx refuses to call for a minute (facts, 5.6). */
  async function attemptExchange({ caller, claims, record }: GraphTokenRequest, budget: Budget, attempt: number) {
    let answer: TokenEndpointAnswer | undefined;
    let failure: unknown;
    for (let readAgain = false; ; readAgain = true) {
      try {
        const { OnBehalfOfCredential } = azureIdentity();
        const credential = new OnBehalfOfCredential({
          tenantId: entra.tenantId,
          clientId: entra.clientId,
          userAssertionToken: caller.assertion,
          ...authority,
          retryOptions: { maxRetries: 0 },
          httpClient: createIdentityHttpClient({
            authorityHost: entra.authorityHost,
            discovery: options.discovery,
            transport: {
              ...options.transport,
              send: (request, sendOptions) => sendObserved(request, sendOptions, record, attempt),
            },
            budget,
            onAnswer: (each) => {
              answer = each;
            },
            onFailure: (each) => {
              failure = each;
            },
          }),
          ...proof,
          // The constructor is declared once for each kind of proof, and never for a choice of them.
        } as ConstructorParameters<typeof OnBehalfOfCredential>[0]);
        // cp1: the gateway understands claims challenges, so Graph may revoke at once instead of within the hour.
        const getToken = credential.getToken(scope, { enableCae: true, ...(claims !== undefined && { claims }) });
        return await withinBudget(getToken, budget);
      } catch (cause) {
        if (!readAgain && answer !== undefined && isStaleClientAssertion(answer)) continue;
        return failedAttempt(answer, failure ?? cause);
      }
    }
  }

  function sendObserved(request: HttpRequest, sendOptions: SendOptions, record: OperationRecord, attempt: number) {
    record.entraCalls += 1;
    const { method, origin } = request;
    const call = { upstream: 'entra', method, origin, template: '/{tenant}/oauth2/v2.0/token', attempt } as const;
    return observeCall(record, call, () => options.transport.send(request, sendOptions));
  }

  function failedAttempt(answer: TokenEndpointAnswer | undefined, cause: unknown) {
    if (answer !== undefined && answer.status >= 400) {
      const error = exchangeFailure(answer, entra);
      const status = error.code === 'THROTTLED' ? 429 : error.code === 'UPSTREAM_UNAVAILABLE' ? 503 : answer.status;
      return { error, failure: { status, retryAfterMs: answer.retryAfterMs } };
    }
    if (cause instanceof GatewayError) return { error: cause, failure: { kind: 'senseless' } as const };
    if (cause instanceof HttpFailure) {
      if (cause.kind === 'timeout' || cause.kind === 'slow') throw timedOut(cause);
      return { error: unavailable(cause), failure: { kind: cause.kind } };
    }
    if (answer !== undefined) return { error: unavailable(cause), failure: { kind: 'senseless' } as const };
    // Nothing was sent: the client credential itself could not be had.
    const hint = `the client credential could not be used; look at ${credentialSetting[entra.credential.kind]}`;
    return { error: internalError({ cause, hint }), failure: {} };
  }
}

function unavailable(cause: unknown): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Entra ID is not available.', { cause });
}

function timedOut(cause: HttpFailure): GatewayError {
  return new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Entra ID did not answer in time.', { cause });
}
