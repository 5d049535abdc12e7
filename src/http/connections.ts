import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';

/** Proxies for outward calls, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY name them. */
export interface ProxySettings {
  /** For https. Unlike undici's own reading of the environment, HTTP_PROXY does not step in for it. */
  readonly https: string | undefined;
  /** For http. */
  readonly http: string | undefined;
  /** Hosts that are reached without one: names, domains, host:port, comma separated; `*` for all. */
  readonly exceptions: string | undefined;
}

/** The connections of the process to the origins that it calls: those of the settings, and of Entra's documents. */
export interface Connections {
  /** Those that are kept and used again. */
  kept(origin: string): Dispatcher;
  /** Where each request has a new connection to itself, if it is sent with `reset`. */
  fresh(origin: string): Dispatcher;
  /** Closes all of them, waiting for none. */
  destroy(): Promise<void>;
}

export interface ConnectionOptions {
  readonly maxPerOrigin: number;
  readonly connectTimeoutMs: number;
  readonly proxies?: ProxySettings | undefined;
}

export function createConnections({ maxPerOrigin, connectTimeoutMs, proxies }: ConnectionOptions): Connections {
  const kept = new Map<string, Dispatcher>();
  const fresh = new Map<string, Dispatcher>();
  const limits = {
    connections: maxPerOrigin,
    connectTimeout: connectTimeoutMs,
    // The operation's budget is the only clock: undici's own would be a second one.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  };

  const from = (pools: Map<string, Dispatcher>) => (origin: string) => {
    let pool = pools.get(origin);
    if (pool === undefined) {
      pool = open(origin);
      pools.set(origin, pool);
    }
    return pool;
  };

  /** A Pool costs less than an Agent, which looks for the origin's pool at each call. */
  function open(origin: string): Dispatcher {
    const secure = origin.startsWith('https:');
    const proxy = secure ? proxies?.https : proxies?.http;
    if (proxy === undefined) return new Pool(origin, limits);
    return new EnvHttpProxyAgent({
      ...limits,
      httpProxy: secure ? '' : proxy,
      httpsProxy: secure ? proxy : '',
      noProxy: proxies?.exceptions ?? '',
      // How long the proxy may take to open the tunnel; undici would wait for five minutes.
      clientFactory: (url, options) => new Pool(url, { ...options, headersTimeout: connectTimeoutMs }),
    });
  }

  return {
    kept: from(kept),
    fresh: from(fresh),
    async destroy() {
      await Promise.all([...kept.values(), ...fresh.values()].map((pool) => pool.destroy()));
    },
  };
}
