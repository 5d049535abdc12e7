import type { OnBehalfOfCredentialOptions } from '@azure/identity';

type HttpClient = NonNullable<OnBehalfOfCredentialOptions['httpClient']>;
type HttpHeaders = Awaited<ReturnType<HttpClient['sendRequest']>>['headers'];

/**
 * An HTTP client for @azure/identity against a plain-HTTP Entra: the library insists on https, so https addresses of
 * that server are asked over http, and the addresses in its answers come back as https.
 */
export function createLoopbackHttpClient(httpOrigin: string): HttpClient {
  const httpsOrigin = httpOrigin.replace('http:', 'https:');
  return {
    async sendRequest(request) {
      const response = await fetch(request.url.replace(httpsOrigin, httpOrigin), {
        method: request.method,
        headers: request.headers.toJSON(),
        ...(request.body === undefined ? {} : { body: request.body as string }),
      });
      const text = await response.text();
      return {
        request,
        status: response.status,
        headers: toHttpHeaders(response.headers),
        bodyAsText: text.replaceAll(httpOrigin, httpsOrigin),
      };
    },
  };
}

function toHttpHeaders(headers: Headers): HttpHeaders {
  return {
    get: (name) => headers.get(name) ?? undefined,
    has: (name) => headers.has(name),
    set: (name, value) => headers.set(name, String(value)),
    delete: (name) => headers.delete(name),
    toJSON: () => Object.fromEntries(headers),
    [Symbol.iterator]: () => headers[Symbol.iterator](),
  };
}
