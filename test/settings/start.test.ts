import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startGatewayProcess } from '../support/gateway-process.ts';

/** What a start that fails says, on the two channels. */
async function failedStart(env: Record<string, string>) {
  const gateway = startGatewayProcess({ SHUTDOWN_DRAIN_MS: '0', ...env });
  expect(await gateway.ended).toEqual({ code: 1, signal: null });
  return gateway.stderr();
}

const azure = { AZURE_TENANT_ID: 'contoso.example', AZURE_CLIENT_ID: 'gateway', AZURE_CLIENT_SECRET: 'canary-secret' };

describe('a start that cannot go on says so in one line, with the setting and no stack', () => {
  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await failedStart({ PORT: String(port) })).toMatch(new RegExp(`^PORT: ${port} is taken;.*\\n$`));
  });

  test.each(['192.0.2.1', 'no-such-host.invalid'])('an address that is none of this machine: %s', async (HOST) => {
    expect(await failedStart({ HOST })).toMatch(new RegExp(`^HOST: "${HOST}" is no address of this machine.*\\n$`));
  });

  test('Entra and Graph of two clouds', async () => {
    const said = await failedStart({ ...azure, GRAPH_BASE_URL: 'https://graph.microsoft.us/beta' });
    expect(said).toMatch(
      /AZURE_AUTHORITY_HOST \(login\.microsoftonline\.com\).*GRAPH_BASE_URL \(graph\.microsoft\.us\)/,
    );
    expect(said).not.toMatch(/canary|\n\s+at /);
  });

  test('a setting that is missing because its name is misspelt', async () => {
    const { AZURE_TENANT_ID, ...others } = azure;
    const said = await failedStart({ ...others, AZURE_TENANTID: 'canary-tenant' });
    expect(said).toContain('AZURE_TENANT_ID: missing');
    expect(said).toContain('AZURE_TENANTID is not a setting; did you mean AZURE_TENANT_ID?');
    expect(said).not.toContain('canary');
  });
});

test('a misspelt name is warned about, and does not count as set', async () => {
  const gateway = startGatewayProcess({ AZURE_TENANTID: 'canary-value', SHUTDOWN_DRAIN_MS: '0' });
  await gateway.url();
  gateway.child.kill('SIGTERM');
  await gateway.ended;
  expect(gateway.stdout()).toContain('AZURE_TENANTID is not a setting; did you mean AZURE_TENANT_ID?');
  expect(gateway.stdout()).toContain('EMULATOR');
  expect(gateway.stdout()).not.toContain('canary-value');
});
