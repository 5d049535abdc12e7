import type { Dispatcher } from 'undici';
import { createConnections, type ProxySettings } from './connections.ts';
import { type ExchangeOptions, type HttpAnswer, startExchange } from './exchange.ts';
import { HttpFailure } from './http-failure.ts';

export interface HttpRequest {
  readonly method: Dispatcher.HttpMethod;
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string | undefined;
}

export interface SendOptions extends ExchangeOptions {
  /** Has the request leave over a connection that nothing else has used: Graph asks for one after a 503. */
  readonly freshConnection?: boolean;
}

/** The one way out: every call to Graph and Entra goes through it. */
export interface Transport {
  /** One HTTP exchange, redirects not followed. @throws HttpFailure when there is no answer that can be read. */
  send(request: HttpRequest, options: SendOptions): Promise<HttpAnswer>;
  /** Closes all connections, waiting for none. */
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Milliseconds that one operation may take in all; the time to connect is derived from it. */
  readonly requestTimeoutMs: number;
  readonly maxConnectionsPerOrigin: number;
  readonly proxies?: ProxySettings | undefined;
}

export function createTransport({ requestTimeoutMs, maxConnectionsPerOrigin, proxies }: TransportOptions): Transport {
  const connections = createConnections({
    maxPerOrigin: maxConnectionsPerOrigin,
    connectTimeoutMs: Math.min(5_000, Math.ceil(requestTimeoutMs / 3)),
    proxies,
  });
  return {
    send({ method, origin, path, headers, body = null }, options) {
      const { budget, freshConnection: reset = false } = options;
      if (budget.ended !== undefined) return Promise.reject(new HttpFailure(budget.ended, false));
      const pool = reset ? connections.fresh(origin) : connections.kept(origin);
      return new Promise((resolve, reject) => {
        pool.dispatch({ origin, path, method, headers, body, reset }, startExchange(options, resolve, reject));
      });
    },
    close: () => connections.destroy(),
  };
}
