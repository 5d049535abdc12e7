import { cleanEnv, str } from 'envalid';
import {
  certificateFile,
  flag,
  integer,
  LOCAL_ORIGIN,
  list,
  oneOf,
  origins,
  path,
  proxyUrl,
  readableFile,
  readablePaths,
  redisUrl,
  secureUrl,
  tenant,
} from './settings/setting-forms.ts';

/** How the gateway proves itself to Entra in the on-behalf-of exchange. */
export type ClientCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly path: string }
  | { readonly kind: 'federated'; readonly tokenFile: string }
  | { readonly kind: 'managed-identity'; readonly clientId: string | undefined };

export interface Config {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  readonly entra: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly credential: ClientCredential;
    /** An origin, without a trailing slash. */
    readonly authorityHost: string;
    readonly audiences: readonly string[];
    readonly scope: string;
  };
  readonly graph: {
    /** Root with its version, without a trailing slash. */
    readonly baseUrl: string;
    readonly sessionsPath: string;
    readonly maxConcurrency: number;
    /** Requests to Graph that one caller may cause in a minute; 0 for any number. */
    readonly requestsPerMinute: number;
  };
  readonly requestTimeoutMs: number;
  readonly rateLimitPerMinute: number;
  readonly shutdownDrainMs: number;
  readonly logLevel: string;
  readonly corsOrigins: readonly (string | RegExp)[];
  /** Files and folders. */
  readonly trustedDocuments: readonly string[] | undefined;
  /** A Redis or Valkey that replicas share, with the secret that is mixed into the keys of what is stored there. */
  readonly redis: { readonly url: string; readonly secret: string } | undefined;
  /** Whether the schema is served as an Apollo Federation 2 subgraph. */
  readonly federation: boolean;
  /** Where a browser reaches a development deployment: an origin. */
  readonly explorerOrigin: string;
  /** Proxies for calls to https and to http, and the hosts that are called without one. */
  readonly proxies: {
    readonly https: string | undefined;
    readonly http: string | undefined;
    readonly exceptions: string | undefined;
  };
}

/** Every bad setting in one message, by name and never with a secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const CREDENTIALS = [
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_FEDERATED_TOKEN_FILE',
  'AZURE_USE_MANAGED_IDENTITY',
] as const;
/** What is none of these is a mistake, and with `prod` for `production` one that opens everything. */
const ENVIRONMENTS = ['production', 'development', 'test'];
const SANDBOX_ORIGINS = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

const optional = { default: undefined };

/** The settings: name, form, default and meaning, stated here only. docs/operating.md and .env.example are tested against it. */
export const settings = {
  PORT: integer(0, 65_535)({ default: 4000 }),
  HOST: str({ default: '0.0.0.0' }),
  AZURE_TENANT_ID: tenant()(optional),
  AZURE_CLIENT_ID: str(optional),
  AZURE_CLIENT_SECRET: str(optional),
  AZURE_CLIENT_CERTIFICATE_PATH: certificateFile()(optional),
  AZURE_FEDERATED_TOKEN_FILE: readableFile()(optional),
  AZURE_USE_MANAGED_IDENTITY: flag()({ default: false }),
  AZURE_MANAGED_IDENTITY_CLIENT_ID: str(optional),
  AZURE_AUTHORITY_HOST: upstreamSettings().AZURE_AUTHORITY_HOST,
  API_AUDIENCE: list()(optional),
  API_SCOPE: str({ default: 'access_as_user' }),
  GRAPH_BASE_URL: upstreamSettings().GRAPH_BASE_URL,
  GRAPH_SESSIONS_PATH: path()({ default: 'RemoteHelpSessionRetrieveResponse' }),
  GRAPH_MAX_CONCURRENCY: integer(1, 10_000)({ default: 256 }),
  GRAPH_REQUESTS_PER_MINUTE: integer(0, 1_000_000)({ default: 1200 }),
  REQUEST_TIMEOUT_MS: integer(50, 600_000)({ default: 15_000 }),
  RATE_LIMIT_PER_MINUTE: integer(0, 1_000_000)({ default: 600 }),
  SHUTDOWN_DRAIN_MS: integer(0, 600_000)({ default: 1000 }),
  LOG_LEVEL: oneOf(LOG_LEVELS)({ default: 'info' }),
  CORS_ORIGINS: origins()(optional),
  TRUSTED_DOCUMENTS: readablePaths()(optional),
  REDIS_URL: redisUrl()(optional),
  SHARED_CACHE_SECRET: str(optional),
  FEDERATION: flag()({ default: false }),
  EXPLORER_ORIGIN: secureUrl('origin')(optional),
  HTTPS_PROXY: proxyUrl()(optional),
  HTTP_PROXY: proxyUrl()(optional),
  NO_PROXY: str(optional),
};

/** Where Entra and Graph are. At `emulatorHost` http will do. */
function upstreamSettings(emulatorHost?: string) {
  return {
    AZURE_AUTHORITY_HOST: secureUrl('origin', emulatorHost)({ default: 'https://login.microsoftonline.com' }),
    GRAPH_BASE_URL: secureUrl('root', emulatorHost)({ default: 'https://graph.microsoft.com/beta' }),
  };
}

/** These are known in lower case too, which then counts, as for curl and undici. */
const LOWER_CASE_TOO = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'] as const;

/** Whether these settings ask for the embedded emulator: not production, and nothing said about Azure. */
export function wantsEmulator(env: NodeJS.ProcessEnv): boolean {
  return (
    env.NODE_ENV !== 'production' &&
    isEnvironment(env.NODE_ENV) &&
    !Object.keys(settings).some((name) => name.startsWith('AZURE_') && env[name])
  );
}

/**
 * Reads and checks all settings at once. An empty value counts as not set.
 * @throws ConfigError that names every missing or wrong setting.
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  for (const name of LOWER_CASE_TOO) given[name] = given[name.toLowerCase()] ?? given[name];
  const production = env.NODE_ENV === 'production';
  // An emulator in a container of its own has no certificate; production has no emulator.
  const upstream = production ? {} : upstreamSettings(given.EMULATOR_PUBLIC_HOST);
  const values = cleanEnv(
    given,
    { ...settings, ...upstream },
    {
      reporter: ({ errors }) => {
        for (const [name, error] of Object.entries(errors)) problems.push(`${name}: ${error?.message}`);
      },
    },
  );
  if (!isEnvironment(env.NODE_ENV)) {
    problems.push(
      `NODE_ENV: expected ${ENVIRONMENTS.join(', ')} or nothing; all but production open introspection and the explorer`,
    );
  }
  const missing = (name: string, why: string) => problems.push(`${name}: missing; ${why}`);
  if (!given.AZURE_TENANT_ID) missing('AZURE_TENANT_ID', "the tenant of the gateway's app registration");
  if (!given.AZURE_CLIENT_ID) missing('AZURE_CLIENT_ID', "the gateway's app registration");
  // From the text: envalid throws when the value of a setting that it refused is looked at.
  const isOff = (name: string) => name === 'AZURE_USE_MANAGED_IDENTITY' && given[name] === 'false';
  const chosen = CREDENTIALS.filter((name) => given[name] && !isOff(name));
  if (chosen.length === 0) missing(CREDENTIALS[0], `or one of ${CREDENTIALS.slice(1).join(', ')}`);
  if (chosen.length > 1) problems.push(`${chosen.join(', ')}: exactly one of them may be set`);
  if (problems.length > 0) throw new ConfigError(`The settings are not usable:\n  ${problems.join('\n  ')}`);

  const clientId = String(values.AZURE_CLIENT_ID);
  return {
    production,
    port: values.PORT,
    host: values.HOST,
    entra: {
      tenantId: String(values.AZURE_TENANT_ID),
      clientId,
      credential: credentialOf(values),
      authorityHost: values.AZURE_AUTHORITY_HOST,
      audiences: values.API_AUDIENCE ?? [clientId, `api://${clientId}`],
      scope: values.API_SCOPE,
    },
    graph: {
      baseUrl: values.GRAPH_BASE_URL,
      sessionsPath: values.GRAPH_SESSIONS_PATH,
      maxConcurrency: values.GRAPH_MAX_CONCURRENCY,
      requestsPerMinute: values.GRAPH_REQUESTS_PER_MINUTE,
    },
    requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    shutdownDrainMs: values.SHUTDOWN_DRAIN_MS,
    logLevel: values.LOG_LEVEL,
    corsOrigins: values.CORS_ORIGINS ?? (production ? [] : [...SANDBOX_ORIGINS, LOCAL_ORIGIN]),
    trustedDocuments: values.TRUSTED_DOCUMENTS,
    redis:
      values.REDIS_URL === undefined ? undefined : { url: values.REDIS_URL, secret: values.SHARED_CACHE_SECRET ?? '' },
    federation: values.FEDERATION,
    explorerOrigin: values.EXPLORER_ORIGIN ?? `http://localhost:${values.PORT}`,
    proxies: { https: values.HTTPS_PROXY, http: values.HTTP_PROXY, exceptions: values.NO_PROXY },
  };
}

function isEnvironment(text: string | undefined): boolean {
  return !text || ENVIRONMENTS.includes(text);
}

function credentialOf(values: {
  readonly AZURE_CLIENT_SECRET: string | undefined;
  readonly AZURE_CLIENT_CERTIFICATE_PATH: string | undefined;
  readonly AZURE_FEDERATED_TOKEN_FILE: string | undefined;
  readonly AZURE_MANAGED_IDENTITY_CLIENT_ID: string | undefined;
}): ClientCredential {
  if (values.AZURE_CLIENT_SECRET !== undefined) return { kind: 'secret', secret: values.AZURE_CLIENT_SECRET };
  const { AZURE_CLIENT_CERTIFICATE_PATH: path, AZURE_FEDERATED_TOKEN_FILE: tokenFile } = values;
  if (path !== undefined) return { kind: 'certificate', path };
  if (tokenFile !== undefined) return { kind: 'federated', tokenFile };
  return { kind: 'managed-identity', clientId: values.AZURE_MANAGED_IDENTITY_CLIENT_ID };
}
