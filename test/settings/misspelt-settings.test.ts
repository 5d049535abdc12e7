import { expect, test } from 'vitest';
import { settings } from '../../src/config.ts';
import { misspeltSettings } from '../../src/settings/misspelt-settings.ts';

const known = Object.keys(settings);

test.each([
  ['AZURE_TENANTID', 'AZURE_TENANT_ID'],
  ['AZURE_TENANT', 'AZURE_TENANT_ID'],
  ['azure_tenant_id', 'AZURE_TENANT_ID'],
  ['AZURE_CLIENTID', 'AZURE_CLIENT_ID'],
  ['AZURE_CLIENT_SECERT', 'AZURE_CLIENT_SECRET'],
  ['AZURE_CLIENT_CERT_PATH', 'AZURE_CLIENT_CERTIFICATE_PATH'],
  ['AZURE_AUTHORITY', 'AZURE_AUTHORITY_HOST'],
  ['GRAPH_URL', 'GRAPH_BASE_URL'],
  ['GRAPH_SESSION_PATH', 'GRAPH_SESSIONS_PATH'],
  ['API_AUDIENCES', 'API_AUDIENCE'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
])('%s is %s misspelt', (name, meant) => {
  expect(misspeltSettings({ [name]: 'x' }, known)).toEqual([{ name, meant }]);
});

test('names that are right, and names of others, are left alone', () => {
  const others = [
    'AZURE_CONFIG_DIR',
    'AZURE_SUBSCRIPTION_ID',
    'AZURE_HTTP_USER_AGENT',
    'AZURE_CLIENT_CERTIFICATE_PASSWORD',
    'AZURE_IDENTITY_DISABLE_MULTITENANTAUTH',
    'API_KEY',
    'GRAPHQL_URL',
    'PORTS',
    'HOSTNAME',
    'CORS_MAX_AGE',
  ];
  expect(misspeltSettings(Object.fromEntries([...known, ...others].map((name) => [name, 'x'])), known)).toEqual([]);
});
