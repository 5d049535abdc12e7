import type { Config } from '../../config.ts';
import { GatewayError, internalError } from '../../errors.ts';
import type { Budget } from '../../http/budget.ts';
import { failureCause } from '../../http/failure-cause.ts';
import { HttpFailure } from '../../http/http-failure.ts';
import { createRetryBudget } from '../../http/retry-budget.ts';
import { type AttemptFailure, retryDelay } from '../../http/retry-delay.ts';
import type { HttpRequest, SendOptions, Transport } from '../../http/transport.ts';
import { pause, withinBudget } from '../../http/within-budget.ts';
import type { OperationRecord } from '../../observability/operation-record.ts';
import { timed } from '../../observability/stopwatch.ts';
import { observeCall } from '../../observability/telemetry/observe-call.ts';
import type { Discovery } from '../callers/discovery.ts';
import { unreachableHint } from '../callers/published-document.ts';
import { credentialSetting } from './aadsts.ts';
import { azureIdentity } from './azure-identity.ts';
import { createClientProof } from './client-credential.ts';
import {
  exchangeFailure,
  explainTokenAnswer,
  isStaleClientAssertion,
  type TokenEndpointAnswer,
} from './exchange-failure.ts';
import { createIdentityHttpClient, identityAuthority } from './identity-http-client.ts';

export interface OnBehalfOfRequest {
  /** The caller's own token. */
  readonly assertion: string;
  /** A claims challenge as JSON text that the new token must meet. */
  readonly claims: string | undefined;
  /** The time of the exchange; not of whoever began it. */
  readonly budget: Budget;
  /** Where its cost is noted. */
  readonly record: OperationRecord;
}

export interface GraphToken {
  readonly token: string;
  /** Milliseconds since 1970, as Entra said. */
  readonly expiresOnTimestamp: number;
}

export interface OnBehalfOfOptions {
  readonly config: Config;
  readonly discovery: Discovery;
  readonly transport: Transport;
  readonly random: () => number;
  /** Told of a refusal that every caller meets until the operator has mended something. */
  readonly onOperatorsMatter: (refusal: GatewayError) => void;
}

/** MSAL knows these hosts' endpoints by heart; for others (tests, private clouds) it must not ask the public cloud. */
const PUBLIC_AUTHORITIES =
  /^https:\/\/login\.(microsoftonline\.(com|us)|(partner\.microsoftonline|chinacloudapi)\.cn|sovcloud-identity\.(fr|de|sg))$/;

/**
 * One on-behalf-of exchange at Entra, made again as `retryDelay` says, within its budget.
 * @throws GatewayError for whatever Entra says or does not say; see `exchangeFailure`
 */
export function createOnBehalfOf(options: OnBehalfOfOptions): (request: OnBehalfOfRequest) => Promise<GraphToken> {
  const { discovery, transport, random } = options;
  const { entra, graph } = options.config;
  const scope = `${new URL(graph.baseUrl).origin}/.default`;
  const { host } = new URL(entra.authorityHost);
  const authority = {
    authorityHost: identityAuthority(entra.authorityHost),
    disableInstanceDiscovery: !PUBLIC_AUTHORITIES.test(entra.authorityHost),
  };
  const proof = createClientProof(entra);
  // An outage must not be asked four times by each who meets it.
  const retryBudget = createRetryBudget();

  return async (request) => {
    const { budget, record } = request;
    retryBudget.countCall();
    try {
      for (let attempt = 1; ; attempt += 1) {
        const result = await attemptExchange(request, attempt);
        if ('token' in result) return result;
        const { failure, error } = result;
        const delay = retryDelay(failure, 'read', attempt, random());
        if (delay === undefined) throw error;
        if (delay >= budget.remaining()) throw outOfTime(error, failure, delay);
        if (!retryBudget.take()) throw error;
        record.retries += 1;
        await timed(record.waitTime, pause(delay, budget));
      }
    } catch (failure) {
      throw failure instanceof HttpFailure ? timedOut(failure) : failure;
    }
  };

  function outOfTime(error: GatewayError, failure: AttemptFailure, delay: number): GatewayError {
    if (error.code !== 'THROTTLED' && failure.retryAfterMs === undefined) return error;
    return new GatewayError('THROTTLED', 'Microsoft Entra ID asks to wait longer than this operation may take.', {
      ...error.details,
      retryAfterMs: delay,
    });
  }

  /** A fresh credential each time: an instance that has met a 429 or 5xx refuses to call for a minute (facts, 5.6). */
  async function attemptExchange({ assertion, claims, record, budget }: OnBehalfOfRequest, attempt: number) {
    let answer: TokenEndpointAnswer | undefined;
    let failure: unknown;
    for (let readAgain = false; ; readAgain = true) {
      try {
        const { OnBehalfOfCredential } = azureIdentity();
        const credential = new OnBehalfOfCredential({
          tenantId: entra.tenantId,
          clientId: entra.clientId,
          userAssertionToken: assertion,
          ...authority,
          retryOptions: { maxRetries: 0 },
          httpClient: createIdentityHttpClient({
            authorityHost: entra.authorityHost,
            discovery,
            transport: { ...transport, send: (request, how) => sendObserved(request, how, record, attempt) },
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
    // What failed over one connection may be a matter of whoever is at its other end.
    const how = { ...sendOptions, freshConnection: attempt > 1 };
    return observeCall(record, call, () => transport.send(request, how));
  }

  function failedAttempt(answer: TokenEndpointAnswer | undefined, cause: unknown) {
    if (answer !== undefined && answer.status >= 400) {
      const error = exchangeFailure(answer, entra);
      if (explainTokenAnswer(answer, entra).forEverybody) options.onOperatorsMatter(error);
      const status = error.code === 'THROTTLED' ? 429 : error.code === 'UPSTREAM_UNAVAILABLE' ? 503 : answer.status;
      return { error, failure: { status, retryAfterMs: answer.retryAfterMs } };
    }
    if (cause instanceof GatewayError) return { error: cause, failure: { kind: 'senseless' } as const };
    if (cause instanceof HttpFailure) {
      if (cause.kind === 'timeout' || cause.kind === 'slow') throw timedOut(cause);
      return { error: unavailable(unreachableHint(host, cause), cause), failure: { kind: cause.kind } };
    }
    if (answer !== undefined) {
      const hint = `${host} answered ${answer.status} with something else than a token; look at AZURE_AUTHORITY_HOST and HTTPS_PROXY`;
      return { error: unavailable(hint, cause), failure: { kind: 'senseless' } as const };
    }
    // Nothing was sent: the client credential itself could not be had.
    const hint = `the client credential could not be used (${failureCause(cause)}); look at ${credentialSetting[entra.credential.kind]}`;
    return { error: internalError({ cause, hint }), failure: {} };
  }

  function timedOut(cause: HttpFailure): GatewayError {
    const hint = `the token endpoint of ${host} did not answer in time`;
    return new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Entra ID did not answer in time.', { cause, hint });
  }
}

function unavailable(hint: string, cause: unknown): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Entra ID is not available.', { cause, hint });
}
