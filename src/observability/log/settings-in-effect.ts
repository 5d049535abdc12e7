import type { ClientCredential, Config } from '../../config.ts';

const SET = 'set';

/** The settings as they are in effect, by their names, for the line of the start. Of a secret only that it is set. */
export function settingsInEffect(config: Config): Record<string, unknown> {
  const { entra, graph, redis, proxies } = config;
  return {
    NODE_ENV: config.production ? 'production' : undefined,
    PORT: config.port,
    HOST: config.host,
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.clientId,
    ...credentialInEffect(entra.credential),
    AZURE_AUTHORITY_HOST: entra.authorityHost,
    API_AUDIENCE: entra.audiences,
    API_SCOPE: entra.scope,
    GRAPH_BASE_URL: graph.baseUrl,
    GRAPH_SESSIONS_PATH: graph.sessionsPath,
    GRAPH_MAX_CONCURRENCY: graph.maxConcurrency,
    GRAPH_REQUESTS_PER_MINUTE: graph.requestsPerMinute,
    REQUEST_TIMEOUT_MS: config.requestTimeoutMs,
    RATE_LIMIT_PER_MINUTE: config.rateLimitPerMinute,
    SHUTDOWN_DRAIN_MS: config.shutdownDrainMs,
    LOG_LEVEL: config.logLevel,
    CORS_ORIGINS: config.corsOrigins.map(String),
    TRUSTED_DOCUMENTS: config.trustedDocuments,
    REDIS_URL: redis && withoutUser(redis.url),
    SHARED_CACHE_SECRET: redis?.secret ? SET : undefined,
    FEDERATION: config.federation,
    EXPLORER_ORIGIN: config.explorerOrigin,
    HTTPS_PROXY: proxies.https && withoutUser(proxies.https),
    HTTP_PROXY: proxies.http && withoutUser(proxies.http),
    NO_PROXY: proxies.exceptions,
  };
}

function credentialInEffect(credential: ClientCredential): Record<string, unknown> {
  switch (credential.kind) {
    case 'secret':
      return { AZURE_CLIENT_SECRET: SET };
    case 'certificate':
      return { AZURE_CLIENT_CERTIFICATE_PATH: credential.path };
    case 'federated':
      return { AZURE_FEDERATED_TOKEN_FILE: credential.tokenFile };
    case 'managed-identity':
      return { AZURE_USE_MANAGED_IDENTITY: true, AZURE_MANAGED_IDENTITY_CLIENT_ID: credential.clientId };
    default:
      return credential satisfies never;
  }
}

/** Host and port: what else an address holds may be a secret. */
function withoutUser(address: string): string {
  const url = URL.parse(address);
  return url === null ? SET : `${url.protocol}//${url.host}`;
}
