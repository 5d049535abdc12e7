import type { Config } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import { type Budget, startBudget } from '../../http/budget.ts';
import { HttpFailure } from '../../http/http-failure.ts';
import type { Transport } from '../../http/transport.ts';
import { withinBudget } from '../../http/within-budget.ts';
import type { OperationRecord } from '../../observability/operation-record.ts';
import { timed } from '../../observability/stopwatch.ts';
import type { Watch } from '../../observability/telemetry/watched-numbers.ts';
import type { SharedToken, SharedTokens, TokenOwner } from '../../replicas/shared-tokens.ts';
import { bearerToken } from '../callers/bearer-token.ts';
import { type AuthenticatedCaller, sha256 } from '../callers/caller.ts';
import type { Discovery } from '../callers/discovery.ts';
import { createOnBehalfOf } from './on-behalf-of.ts';
import { createOperatorsMatter } from './operators-matter.ts';
import { createTokenCache } from './token-cache.ts';

export interface GraphTokenRequest {
  readonly caller: AuthenticatedCaller;
  /** The `Authorization` header in which the caller's token came; it is looked into only when Entra is asked. */
  readonly authorization: string;
  readonly budget: Budget;
  readonly record: OperationRecord;
  /** A claims challenge of Graph, as JSON text, that the new token must meet. */
  readonly claims?: string | undefined;
  /** The token that Graph refused: it is exchanged anew unless somebody already did. */
  readonly rejected?: string | undefined;
}

export interface TokenExchange {
  /**
   * The caller's own token for Graph: from the cache at once, from another process, or from Entra on-behalf-of.
   * @throws GatewayError for whatever Entra says or does not say; see `exchangeFailure`.
   */
  (request: GraphTokenRequest): string | Promise<string>;
  /** Whether another process exchanged it: if Graph refuses this one too, Entra has not been asked yet. */
  isShared?(caller: AuthenticatedCaller, token: string): boolean;
}

export interface TokenExchangeOptions {
  readonly config: Config;
  readonly discovery: Discovery;
  readonly watch?: Watch | undefined;
  readonly transport: Transport;
  /** What other replicas have exchanged already; asked before Entra. */
  readonly sharedTokens?: SharedTokens | undefined;
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

export function createTokenExchange(options: TokenExchangeOptions): TokenExchange {
  const { config, sharedTokens } = options;
  const clock = options.clock ?? Date.now;
  const operatorsMatter = createOperatorsMatter(clock);
  const exchangeAtEntra = createOnBehalfOf({
    config,
    discovery: options.discovery,
    transport: options.transport,
    random: options.random ?? Math.random,
    onOperatorsMatter: operatorsMatter.remember,
  });
  // By the hash of the caller's header; the scope is the same for all, so it is no part of the key. What was refused for
  // certain claims stands beside it, under both: it says nothing about the token that there is.
  const cache = createTokenCache({ max: options.maxTokens ?? MAX_TOKENS, clock, watch: options.watch });
  const inFlight = new Map<string, Promise<string>>();

  return Object.assign(getGraphToken, { isShared });

  function getGraphToken(request: GraphTokenRequest): string | Promise<string> {
    const { caller, record, claims, rejected } = request;
    const known = cache.get(caller.tokenHash);
    if (known !== undefined && 'token' in known && known.token !== rejected) {
      record.tokenCacheHits += 1;
      return known.token;
    }
    const key = claims === undefined ? caller.tokenHash : `${caller.tokenHash} ${sha256(claims)}`;
    const refused = claims === undefined ? known : cache.get(key);
    if (refused !== undefined && 'refusal' in refused) throw refused.refusal;
    record.tokenCacheMisses += 1;
    if (request.budget.ended !== undefined) throw timedOut(new HttpFailure(request.budget.ended, false));
    let exchange = inFlight.get(key);
    const joined = exchange !== undefined;
    if (exchange === undefined) {
      exchange = exchangeAndKeep(key, request).finally(() => inFlight.delete(key));
      inFlight.set(key, exchange);
    }
    return timed(record.exchangeTime, withinBudget(exchange, request.budget)).catch((failure: unknown) => {
      // It had its time, most of which was over when this one came.
      const timeRanOut = failure instanceof GatewayError && failure.code === 'UPSTREAM_TIMEOUT';
      if (joined && timeRanOut && request.budget.remaining() > 0) return getGraphToken(request);
      throw failure instanceof HttpFailure ? timedOut(failure) : failure;
    });
  }

  function isShared(caller: AuthenticatedCaller, token: string): boolean {
    const known = cache.get(caller.tokenHash);
    return known !== undefined && 'token' in known && known.token === token && known.shared;
  }

  /** Others may wait for the same exchange: it has a time of its own, and does not end when who began it goes. */
  async function exchangeAndKeep(key: string, request: GraphTokenRequest): Promise<string> {
    const { caller, rejected } = request;
    const assertion = bearerToken(request.authorization) ?? '';
    const owner = { assertion, expiresAt: caller.expiresAt };
    const budget = startBudget(config.requestTimeoutMs);
    try {
      const shared = await takeShared(owner, request);
      const { token, expiresAt, obtainedAt } = shared ?? (await askEntra(owner, request, budget));
      cache.set(caller.tokenHash, { token, obtainedAt, shared: shared !== undefined, usableUntil: expiresAt });
      return token;
    } catch (failure) {
      request.record.telemetry?.exchangeFailed(failure);
      // The token that Graph refused outright is of no use. One that lacks claims is good for everything else.
      const stillKnown = cache.get(caller.tokenHash);
      if (
        key === caller.tokenHash &&
        stillKnown !== undefined &&
        'token' in stillKnown &&
        stillKnown.token === rejected
      ) {
        cache.delete(key);
      }
      if (failure instanceof GatewayError && REFUSALS.has(failure.code)) {
        cache.set(key, { refusal: failure, usableUntil: clock() + REFUSAL_LIFE_MS });
        // Who is refused in person was let through to that question.
        operatorsMatter.forget();
      }
      throw failure;
    } finally {
      budget.close();
    }
  }

  /** In the place of a token that Graph refused, only one that was had after it. */
  function takeShared(owner: TokenOwner, { caller, rejected }: GraphTokenRequest) {
    if (rejected === undefined) return sharedTokens?.get(owner);
    const known = cache.get(caller.tokenHash);
    const since = known !== undefined && 'token' in known && known.token === rejected ? known.obtainedAt : 0;
    return sharedTokens?.get(owner, { token: rejected, obtainedAt: since });
  }

  async function askEntra(owner: TokenOwner, { claims, record }: GraphTokenRequest, budget: Budget) {
    operatorsMatter.check();
    const { token, expiresOnTimestamp } = await exchangeAtEntra({ assertion: owner.assertion, claims, budget, record });
    operatorsMatter.forget();
    const obtainedAt = clock();
    const skew = Math.min(MAX_SKEW_MS, (expiresOnTimestamp - obtainedAt) / 10);
    const fresh: SharedToken = { token, expiresAt: expiresOnTimestamp - skew, obtainedAt };
    sharedTokens?.set(owner, fresh);
    return fresh;
  }
}

function timedOut(cause: HttpFailure): GatewayError {
  return new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Entra ID did not answer in time.', { cause });
}
