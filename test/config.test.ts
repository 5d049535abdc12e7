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
      trustedDocuments: readable,
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
