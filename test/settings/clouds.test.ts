import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { matchClouds } from '../../src/settings/clouds.ts';

const match = (authority: string, graph: string) =>
  matchClouds(
    loadConfig({
      AZURE_TENANT_ID: 'contoso.example',
      AZURE_CLIENT_ID: 'gateway',
      AZURE_CLIENT_SECRET: 'secret',
      AZURE_AUTHORITY_HOST: authority,
      GRAPH_BASE_URL: graph,
    }),
  );

test.each([
  ['https://login.microsoftonline.com', 'https://graph.microsoft.com/beta', 'ok'],
  ['https://login.microsoftonline.us', 'https://graph.microsoft.us/beta', 'ok'],
  ['https://login.microsoftonline.us', 'https://dod-graph.microsoft.us/beta', 'ok'],
  ['https://login.chinacloudapi.cn', 'https://microsoftgraph.chinacloudapi.cn/beta', 'ok'],
  ['https://login.example', 'http://127.0.0.1:1/beta', 'ok'],
  ['https://login.example', 'https://graph.microsoft.com/beta', 'warning'],
  ['https://login.microsoftonline.com', 'https://graph.example/beta', 'warning'],
  ['https://login.microsoftonline.com', 'https://graph.microsoft.us/beta', 'failed'],
  ['https://login.partner.microsoftonline.cn', 'https://graph.microsoft.com/beta', 'failed'],
])('%s with %s: %s', (authority, graph, status) => {
  const { message, ...told } = match(authority, graph);
  expect(told.status).toBe(status);
  expect(message).toContain(new URL(authority).hostname);
  expect(message).toContain(new URL(graph).hostname);
});
