import { GatewayError } from '../../errors.ts';
import { startBudget } from '../../http/budget.ts';
import type { HttpAnswer } from '../../http/exchange.ts';
import { failureCause } from '../../http/failure-cause.ts';
import { HttpFailure } from '../../http/http-failure.ts';
import type { Transport } from '../../http/transport.ts';
import { aadstsNumbers } from '../exchange/exchange-failure.ts';

/** Longer is an outage, which shows as one; a document takes Entra a few milliseconds. */
const MAX_FETCH_MS = 5_000;

export interface DocumentFetchOptions {
  readonly transport: Transport;
  /** Milliseconds. */
  readonly requestTimeoutMs: number;
}

/**
 * Fetches one of the JSON documents that Entra publishes.
 * @returns the text, and the JSON object in it
 * @throws GatewayError UPSTREAM_UNAVAILABLE whose `hint` says what was found and which setting to look at
 */
export async function fetchPublished(address: string, options: DocumentFetchOptions) {
  const url = new URL(address);
  const { host, origin, pathname, search } = url;
  const within = Math.min(options.requestTimeoutMs, MAX_FETCH_MS);
  const budget = startBudget(within);
  let answer: HttpAnswer;
  try {
    const request = { method: 'GET', origin, path: pathname + search, headers: {} } as const;
    answer = await options.transport.send(request, { budget });
  } catch (cause) {
    throw keysUnavailable(unreachableHint(host, cause, within), cause);
  } finally {
    budget.close();
  }
  if (answer.status !== 200) throw keysUnavailable(refusedHint(host, answer));
  return { text: answer.text, document: readObject(answer.text, host) };
}

/** The one error for whatever keeps Entra's keys from us. It is known before GraphQL, so it has an HTTP status. */
export function keysUnavailable(hint: string, cause?: unknown): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Entra ID could not be asked for its keys.', {
    hint,
    cause,
    status: 503,
    retryAfterMs: 1000,
  });
}

/** What an operator must know when a host of Entra's gave no answer. `within`: milliseconds that it had. */
export function unreachableHint(host: string, failure: unknown, within?: number): string {
  const code = failureCause(failure);
  const late = failure instanceof HttpFailure && ['timeout', 'slow', 'cancelled'].includes(failure.kind);
  if (late) return `${host} did not answer in time${within === undefined ? '' : ` (${within} ms)`}`;
  if (/^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|CERT_|ERR_TLS|ERR_SSL|EPROTO)/.test(code)) {
    return `the certificate of ${host} is not trusted: ${code}; look at AZURE_AUTHORITY_HOST and NODE_EXTRA_CA_CERTS`;
  }
  return `${host} could not be reached: ${code}; look at AZURE_AUTHORITY_HOST, the network and HTTPS_PROXY`;
}

function refusedHint(host: string, { status, text, json }: HttpAnswer): string {
  const [number] = json ? aadstsNumbers(text) : [];
  const said = number === undefined ? `status ${status}` : `status ${status}, AADSTS${number}`;
  if (status === 400 || status === 404) {
    return `${host} knows no such tenant (${said}); look at AZURE_TENANT_ID and AZURE_AUTHORITY_HOST`;
  }
  if (status >= 500 || status === 429) return `${host} is not well (${said})`;
  return `${host} answered as Entra does not (${said}); look at AZURE_AUTHORITY_HOST and HTTPS_PROXY`;
}

function readObject(text: string, host: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // A page: said below.
  }
  throw keysUnavailable(
    `${host} answered with something else than JSON, a page perhaps; look at AZURE_AUTHORITY_HOST and HTTPS_PROXY`,
  );
}
