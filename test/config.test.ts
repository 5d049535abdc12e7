import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig, settings, wantsEmulator } from '../src/config.ts';
import { anyText } from './support/any-text.ts';

const app = { AZURE_TENANT_ID: 'contoso.example', AZURE_CLIENT_ID: 'c0ffee00-1234-4abc-8def-0123456789ab' };
const enough = { ...app, AZURE_CLIENT_SECRET: 'pa55word~of-the-app' };
const readable = fileURLToPath(import.meta.url);

/** What the settings are refused with; fails when they are not. */
function refusalOf(env: NodeJS.ProcessEnv): string {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return String((error as Error).message);
  }
  return expect.fail('the settings were accepted');
}

/** The names at the beginnings of a message's lines: one line for each problem. */
const namesIn = (message: string) => [...message.matchAll(/^ {2}([A-Z_, ]+): /gm)].map(([, name]) => name);

describe('settings that are enough', () => {
  test('leave the documented defaults for the rest', () => {
    expect(loadConfig(enough)).toStrictEqual({
      production: false,
      port: 4000,
      host: '0.0.0.0',
      entra: {
        tenantId: 'contoso.example',
        clientId: app.AZURE_CLIENT_ID,
        credential: { kind: 'secret', secret: 'pa55word~of-the-app' },
        authorityHost: 'https://login.microsoftonline.com',
        audiences: [app.AZURE_CLIENT_ID, `api://${app.AZURE_CLIENT_ID}`],
        scope: 'access_as_user',
      },
      graph: {
        baseUrl: 'https://graph.microsoft.com/beta',
        sessionsPath: 'RemoteHelpSessionRetrieveResponse',
        maxConcurrency: 256,
        requestsPerMinute: 1200,
      },
      requestTimeoutMs: 15_000,
      rateLimitPerMinute: 600,
      shutdownDrainMs: 1000,
      logLevel: 'info',
      corsOrigins: expect.arrayContaining(['https://studio.apollographql.com']),
      trustedDocuments: undefined,
      redis: undefined,
      federation: false,
      explorerOrigin: 'http://localhost:4000',
      proxies: { https: undefined, http: undefined, exceptions: undefined },
    });
  });

  test('may all be given, in the forms that operators write', () => {
    const env = {
      ...enough,
      PORT: '0',
      HOST: '::1',
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/',
      API_AUDIENCE: 'one, api://two',
      API_SCOPE: 'sessions',
      GRAPH_BASE_URL: 'https://graph.microsoft.us/beta/',
      GRAPH_SESSIONS_PATH: "/deviceManagement/sessions('all')",
      REQUEST_TIMEOUT_MS: '2500',
      RATE_LIMIT_PER_MINUTE: '0',
      SHUTDOWN_DRAIN_MS: '0',
      LOG_LEVEL: 'silent',
      CORS_ORIGINS: 'https://app.example.com,http://localhost:8080',
      TRUSTED_DOCUMENTS: readable,
    };
    expect(loadConfig(env)).toMatchObject({
      port: 0,
      host: '::1',
      entra: { authorityHost: 'https://login.microsoftonline.us', audiences: ['one', 'api://two'], scope: 'sessions' },
      graph: { baseUrl: 'https://graph.microsoft.us/beta', sessionsPath: "deviceManagement/sessions('all')" },
      requestTimeoutMs: 2500,
      rateLimitPerMinute: 0,
      shutdownDrainMs: 0,
      logLevel: 'silent',
      corsOrigins: ['https://app.example.com', 'http://localhost:8080'],
      trustedDocuments: [readable],
    });
  });

  test('may be empty, which counts as not set', () => {
    const empty = Object.fromEntries(Object.keys(settings).map((name) => [name, '']));
    expect(loadConfig({ ...empty, ...enough })).toStrictEqual(loadConfig(enough));
  });

  test('open no origin to browsers in production', () => {
    expect(loadConfig({ ...enough, NODE_ENV: 'production' })).toMatchObject({ production: true, corsOrigins: [] });
  });

  test.each([
    [{ AZURE_CLIENT_SECRET: 's' }, { kind: 'secret', secret: 's' }],
    [{ AZURE_FEDERATED_TOKEN_FILE: readable }, { kind: 'federated', tokenFile: readable }],
    [{ AZURE_USE_MANAGED_IDENTITY: 'true' }, { kind: 'managed-identity', clientId: undefined }],
    [
      { AZURE_USE_MANAGED_IDENTITY: 'true', AZURE_MANAGED_IDENTITY_CLIENT_ID: 'mine' },
      { kind: 'managed-identity', clientId: 'mine' },
    ],
    [
      { AZURE_CLIENT_SECRET: 's', AZURE_USE_MANAGED_IDENTITY: 'false' },
      { kind: 'secret', secret: 's' },
    ],
  ])('choose the credential: %j', (proof, credential) => {
    expect(loadConfig({ ...app, ...proof }).entra.credential).toStrictEqual(credential);
  });
});

describe('settings that are wrong', () => {
  const wrong = {
    PORT: '65536',
    AZURE_TENANT_ID: 'a tenant/with blanks',
    AZURE_CLIENT_CERTIFICATE_PATH: join(readable, 'canary.pem'),
    AZURE_FEDERATED_TOKEN_FILE: join(readable, 'canary.token'),
    AZURE_USE_MANAGED_IDENTITY: 'canary-yes',
    AZURE_AUTHORITY_HOST: 'https://canary.example/path',
    API_AUDIENCE: 'canary,,b',
    GRAPH_BASE_URL: 'http://canary.example/beta',
    GRAPH_SESSIONS_PATH: '../canary',
    GRAPH_MAX_CONCURRENCY: '0',
    REQUEST_TIMEOUT_MS: '15s',
    RATE_LIMIT_PER_MINUTE: '-1',
    SHUTDOWN_DRAIN_MS: '1e3',
    LOG_LEVEL: 'canary-loud',
    CORS_ORIGINS: 'https://canary.example/',
    TRUSTED_DOCUMENTS: join(readable, 'canary.json'),
  };

  test('are all named in one message, one line each, and no value is shown', () => {
    const message = refusalOf(wrong);
    expect(namesIn(message)).toEqual(expect.arrayContaining([...Object.keys(wrong), 'AZURE_CLIENT_ID']));
    expect(message).not.toContain('canary');
  });

  test.each(Object.entries(wrong))('%s=%s is refused alone too', (name, value) => {
    expect(namesIn(refusalOf({ ...enough, [name]: value })).join()).toContain(name);
  });

  test.each(['common', 'organizations', 'Consumers'])('AZURE_TENANT_ID=%s is anybody', (tenant) => {
    expect(refusalOf({ ...enough, AZURE_TENANT_ID: tenant })).toContain('AZURE_TENANT_ID: expected one tenant');
  });

  test.each([
    'https://app.example.com',
    'http://localhost:8080',
    'capacitor://localhost',
    'ionic://localhost',
    'app.example+1://host:80',
  ])('CORS_ORIGINS=%s is an origin', (origin) => {
    expect(loadConfig({ ...enough, CORS_ORIGINS: ` ${origin} ,https://b.example` }).corsOrigins).toEqual([
      origin,
      'https://b.example',
    ]);
  });

  test.each([
    '*',
    'null',
    'app.example.com',
    'https://app.example.com/',
    'https://APP.example.com',
    'https://app.example.com:443',
    'https://*.example.com',
    'https://a.example?x',
    'file://',
    'capacitor:localhost',
    'capacitor://localhost/',
    'capacitor://user@localhost',
    'https://a.example,,https://b.example',
  ])('CORS_ORIGINS=%s is not', (text) => {
    expect(namesIn(refusalOf({ ...enough, CORS_ORIGINS: text }))).toEqual(['CORS_ORIGINS']);
  });

  test.each(['prod', 'Production', 'PRODUCTION', 'staging', ' production'])(
    'NODE_ENV=%s is refused: it would open what production closes',
    (NODE_ENV) => {
      expect(namesIn(refusalOf({ ...enough, NODE_ENV }))).toEqual(['NODE_ENV']);
      expect(wantsEmulator({ NODE_ENV })).toBe(false);
    },
  );

  test('are named when they are missing', () => {
    const message = refusalOf({});
    expect(namesIn(message)).toEqual(['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET']);
    for (const name of ['CERTIFICATE_PATH', 'FEDERATED_TOKEN_FILE', 'USE_MANAGED_IDENTITY'])
      expect(message).toContain(name);
    expect(refusalOf({ NODE_ENV: 'production' })).toBe(message);
    expect(refusalOf({ ...app, AZURE_USE_MANAGED_IDENTITY: 'false' })).toContain('AZURE_CLIENT_SECRET: missing');
  });

  test.each([
    ['AZURE_CLIENT_SECRET', 'AZURE_CLIENT_CERTIFICATE_PATH'],
    ['AZURE_CLIENT_SECRET', 'AZURE_FEDERATED_TOKEN_FILE'],
    ['AZURE_CLIENT_SECRET', 'AZURE_USE_MANAGED_IDENTITY'],
    ['AZURE_CLIENT_CERTIFICATE_PATH', 'AZURE_FEDERATED_TOKEN_FILE'],
    ['AZURE_CLIENT_CERTIFICATE_PATH', 'AZURE_USE_MANAGED_IDENTITY'],
    ['AZURE_FEDERATED_TOKEN_FILE', 'AZURE_USE_MANAGED_IDENTITY'],
    ['AZURE_CLIENT_SECRET', 'AZURE_FEDERATED_TOKEN_FILE', 'AZURE_USE_MANAGED_IDENTITY'],
  ])('are too many credentials: %s and %s', (...names) => {
    const proofs = { AZURE_USE_MANAGED_IDENTITY: 'true' } as Record<string, string>;
    const env = Object.fromEntries(names.map((name) => [name, proofs[name] ?? readable]));
    expect(refusalOf({ ...app, ...env })).toContain(`${names.join(', ')}: exactly one of them may be set`);
  });

  test('never show a secret, whatever it is', () => {
    const secrets = anyText({ minLength: 8 }).map((text) => `${text}\u{1F511}canary`);
    fc.assert(
      fc.property(secrets, (secret) => {
        expect(refusalOf({ ...wrong, AZURE_CLIENT_SECRET: secret })).not.toContain(secret);
      }),
    );
  });
});

describe('addresses to which tokens are sent', () => {
  test.each([
    'http://127.0.0.1:8080/beta',
    'http://localhost/beta',
    'http://[::1]:1/beta',
    'https://graph.microsoft.com/beta',
    'https://microsoftgraph.chinacloudapi.cn/beta',
  ])('%s is taken', (url) => {
    expect(loadConfig({ ...enough, GRAPH_BASE_URL: url }).graph.baseUrl).toBe(url);
    const { origin } = new URL(url);
    expect(loadConfig({ ...enough, AZURE_AUTHORITY_HOST: origin }).entra.authorityHost).toBe(origin);
  });

  test.each([
    'http://graph.microsoft.com/beta',
    'http://localhost.evil.example/beta',
    'http://127.0.0.1.evil.example/beta',
    'http://user@localhost/beta',
    'https://:password@graph.microsoft.com/beta',
    'https://graph.microsoft.com/beta?x=1',
    'https://graph.microsoft.com/beta#x',
    'ftp://localhost/beta',
    'graph.microsoft.com/beta',
    'https://',
  ])('%s is not', (url) => {
    expect(namesIn(refusalOf({ ...enough, GRAPH_BASE_URL: url }))).toEqual(['GRAPH_BASE_URL']);
    expect(namesIn(refusalOf({ ...enough, AZURE_AUTHORITY_HOST: url }))).toEqual(['AZURE_AUTHORITY_HOST']);
  });
});

describe('an emulator in a container of its own', () => {
  const emulator = { AZURE_AUTHORITY_HOST: 'http://emulator:4100', GRAPH_BASE_URL: 'http://emulator:4200/beta' };

  test('is taken without https, outside production, when EMULATOR_PUBLIC_HOST names it', () => {
    const config = loadConfig({ ...enough, ...emulator, EMULATOR_PUBLIC_HOST: 'Emulator' });
    expect(config.entra.authorityHost).toBe('http://emulator:4100');
    expect(config.graph.baseUrl).toBe('http://emulator:4200/beta');
  });

  test.each([
    ['in production', { NODE_ENV: 'production', EMULATOR_PUBLIC_HOST: 'emulator' }],
    ['unnamed', {}],
    ['named otherwise', { EMULATOR_PUBLIC_HOST: 'other' }],
    ['named by half', { EMULATOR_PUBLIC_HOST: 'emul' }],
    ['named emptily', { EMULATOR_PUBLIC_HOST: '' }],
  ])('is not %s', (_name, env) => {
    expect(namesIn(refusalOf({ ...enough, ...emulator, ...env }))).toEqual(Object.keys(emulator));
  });

  test('opens http to no other host', () => {
    const env = { ...enough, EMULATOR_PUBLIC_HOST: 'emulator', GRAPH_BASE_URL: 'http://graph.microsoft.com/beta' };
    expect(namesIn(refusalOf(env))).toEqual(['GRAPH_BASE_URL']);
    expect(namesIn(refusalOf({ ...env, GRAPH_BASE_URL: 'ftp://emulator/beta' }))).toEqual(['GRAPH_BASE_URL']);
  });
});

describe('the embedded emulator', () => {
  const azure = Object.keys(settings).filter((name) => name.startsWith('AZURE_'));

  test('is wanted when nothing is said about Azure', () => {
    expect(wantsEmulator({})).toBe(true);
    expect(wantsEmulator({ PORT: '0', LOG_LEVEL: 'debug', NODE_ENV: 'test', GRAPH_SESSIONS_PATH: 'x' })).toBe(true);
    expect(wantsEmulator(Object.fromEntries(azure.map((name) => [name, ''])))).toBe(true);
    expect(wantsEmulator({ AZURE_CONFIG_DIR: "another program's" })).toBe(true);
  });

  test.each(azure)('is not wanted with %s', (name) => {
    expect(wantsEmulator({ [name]: 'x' })).toBe(false);
  });

  test('is never wanted in production', () => {
    expect(wantsEmulator({ NODE_ENV: 'production' })).toBe(false);
  });
});

describe('proxies', () => {
  const proxiesOf = (env: NodeJS.ProcessEnv) => loadConfig({ ...enough, ...env }).proxies;

  test('are read in upper and in lower case, which counts when both are there', () => {
    const env = { HTTPS_PROXY: 'http://secure.example:8080', http_proxy: 'plain.example:3128', NO_PROXY: '.example' };
    expect(proxiesOf(env)).toEqual({
      https: 'http://secure.example:8080/',
      http: 'http://plain.example:3128/',
      exceptions: '.example',
    });
    expect(proxiesOf({ HTTPS_PROXY: 'http://a.example', https_proxy: 'http://b.example' }).https).toBe(
      'http://b.example/',
    );
    expect(proxiesOf({ HTTPS_PROXY: 'http://a.example', https_proxy: '' }).https).toBe('http://a.example/');
  });

  test.each(['socks5://proxy.example', 'ftp://proxy.example', 'http://', 'not an address', 'http://user:pa55@pro xy'])(
    '%j is refused by name, and never quoted',
    (address) => {
      const message = refusalOf({ ...enough, HTTPS_PROXY: address });
      expect(namesIn(message)).toEqual(['HTTPS_PROXY']);
      expect(message).not.toContain('pa55');
    },
  );
});
