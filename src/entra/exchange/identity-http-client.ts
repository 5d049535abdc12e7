import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Budget } from '../../http/budget.ts';
import { retryAfterMs } from '../../http/retry-after.ts';
import type { Transport } from '../../http/transport.ts';
import type { Discovery } from '../callers/discovery.ts';
import { azureRestPipeline } from './azure-identity.ts';
import type { TokenEndpointAnswer } from './exchange-failure.ts';

export interface IdentityHttpClientOptions {
  readonly authorityHost: string;
  readonly discovery: Discovery;
  readonly transport: Transport;
  readonly budget: Budget;
  /** Told of every answer of the token endpoint: @azure/identity hides status and headers (facts, section 5.5). */
  readonly onAnswer: (answer: TokenEndpointAnswer) => void;
  /** Told why there was no answer: MSAL makes the same error of everything. */
  readonly onFailure: (failure: unknown) => void;
}

/** @azure/identity accepts https only; an emulator's http address is given to it as this, and changed back here. */
export function identityAuthority(authorityHost: string): string {
  return authorityHost.replace(/^http:/, 'https:');
}

/**
 * The HTTP client of one exchange: @azure/identity's traffic goes over the gateway's transport, within its budget. The
 * discovery document that MSAL wants for every new credential of an authority that it does not know is the kept one.
 */
export function createIdentityHttpClient(options: IdentityHttpClientOptions): HttpClient {
  const alias = identityAuthority(options.authorityHost);
  return {
    sendRequest: (request) =>
      exchange(request).catch((failure: unknown) => {
        options.onFailure(failure);
        throw failure;
      }),
  };

  async function exchange(request: PipelineRequest): Promise<PipelineResponse> {
    // Not imported above: it comes with @azure/identity, which is loaded on first need.
    const { createHttpHeaders } = azureRestPipeline();
    const url = new URL(
      request.url.startsWith(alias) ? options.authorityHost + request.url.slice(alias.length) : request.url,
    );
    if (request.method === 'GET' && url.pathname.endsWith('/v2.0/.well-known/openid-configuration')) {
      const { text } = await options.discovery.configuration('v2');
      const headers = createHttpHeaders({ 'content-type': 'application/json' });
      return { request, headers, status: 200, bodyAsText: text.replaceAll(options.authorityHost, alias) };
    }
    const answer = await options.transport.send(
      {
        method: request.method === 'GET' ? 'GET' : 'POST',
        origin: url.origin,
        path: url.pathname + url.search,
        headers: request.headers.toJSON(),
        body: typeof request.body === 'string' ? request.body : undefined,
      },
      { budget: options.budget },
    );
    options.onAnswer({
      status: answer.status,
      retryAfterMs: retryAfterMs(answer.headers['retry-after'], Date.now()),
      text: answer.text,
    });
    const headers = createHttpHeaders({ 'content-type': answer.headers['content-type'] ?? '' });
    return { request, headers, status: answer.status, bodyAsText: answer.text };
  }
}
