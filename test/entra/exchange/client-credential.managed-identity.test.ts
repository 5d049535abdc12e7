import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import { startGatewayProcess } from '../../support/gateway-process.ts';
import { startProxy } from '../../support/proxy.ts';

/** Azure's identity endpoint as a server on this machine; it answers tokens that the emulator's Entra believes. */
async function startAzure() {
  const emulator = await startEmulator();
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const [issuer, subject] = [`https://login.microsoftonline.com/${emulator.entra.tenantId}/v2.0`, 'the-identity'];
  emulator.entra.acceptFederated({ issuer, subject, key: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] } });
  const asked: { url: URL; headers: IncomingMessage['headers'] }[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://identity');
    asked.push({ url, headers: request.headers });
    const token = await new SignJWT({ iss: issuer, sub: subject, aud: url.searchParams.get('resource') ?? '' })
      .setProtectedHeader({ alg: 'RS256', kid: 'k' })
      .setExpirationTime('24h')
      .sign(privateKey);
    const expires = Math.floor(Date.now() / 1000) + 86_400;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        status === 200
          ? { access_token: token, expires_on: String(expires), expires_in: '86400', token_type: 'Bearer' }
          : { error: 'invalid_request', error_description: 'Identity not found' },
      ),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await emulator.close();
  });
  const update = async (gatewayUrl: string, oid: string) => {
    const answer = await fetch(`${gatewayUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${emulator.entra.mintToken({ oid })}` },
      body: JSON.stringify({
        query: `mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "Tablet" }) {
          remoteHelpSessionResponse { deviceName } } }`,
      }),
    });
    return JSON.parse(await answer.text());
  };
  const { AZURE_CLIENT_SECRET: _, ...env } = emulator.env;
  return {
    emulator,
    asked,
    update,
    env: { ...env, AZURE_USE_MANAGED_IDENTITY: 'true', SHUTDOWN_DRAIN_MS: '0' },
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (wanted: number) => {
      status = wanted;
    },
  };
}

const UPDATED = {
  data: { updateRemoteHelpSessionResponse: { remoteHelpSessionResponse: { deviceName: 'Tablet' } } },
};

describe('a managed identity', () => {
  it('of a virtual machine proves the gateway; its token is kept for the next exchange', async () => {
    const { env, origin, update, asked, emulator } = await startAzure();
    const gateway = startGatewayProcess({ ...env, AZURE_POD_IDENTITY_AUTHORITY_HOST: origin });
    const url = await gateway.url();
    expect(await update(url, 'ada')).toEqual(UPDATED);
    expect(await update(url, 'ben')).toEqual(UPDATED);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url.pathname).toMatch(/^\/metadata\/identity\/oauth2\/token\/?$/);
    expect(asked[0]?.url.searchParams.get('resource')).toBe('api://AzureADTokenExchange');
    expect(asked[0]?.url.searchParams.has('client_id')).toBe(false);
    expect(asked[0]?.headers.metadata).toBe('true');
    const forms = emulator.entra.requests.flatMap(({ form }) => (form === undefined ? [] : [form]));
    expect(forms).toHaveLength(2);
    for (const form of forms) {
      expect(form.client_assertion_type).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
      expect(form).not.toHaveProperty('client_secret');
    }
  });

  it('of an App Service is the one that the settings name', async () => {
    const { env, origin, update, asked } = await startAzure();
    const gateway = startGatewayProcess({
      ...env,
      AZURE_MANAGED_IDENTITY_CLIENT_ID: 'the-client-id-of-the-identity',
      IDENTITY_ENDPOINT: `${origin}/msi/token`,
      IDENTITY_HEADER: 'of the platform',
    });
    expect(await update(await gateway.url(), 'ada')).toEqual(UPDATED);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url.pathname).toBe('/msi/token');
    expect(asked[0]?.url.searchParams.get('client_id')).toBe('the-client-id-of-the-identity');
    expect(asked[0]?.headers['x-identity-header']).toBe('of the platform');
  });

  it('is never asked for through a proxy', async () => {
    const { env, origin, update, asked } = await startAzure();
    const proxy = await startProxy();
    const gateway = startGatewayProcess({
      ...env,
      AZURE_POD_IDENTITY_AUTHORITY_HOST: origin,
      HTTP_PROXY: proxy.url,
      HTTPS_PROXY: proxy.url,
    });
    expect(await update(await gateway.url(), 'ada')).toEqual(UPDATED);
    expect(asked).toHaveLength(1);
    expect(proxy.seen.filter((each) => each.includes(new URL(origin).host))).toEqual([]);
    // All else goes through it.
    expect(proxy.seen.some((each) => each.startsWith('PATCH '))).toBe(true);
  });

  it('that is not there is the operator’s matter, and nothing is sent to Entra', async () => {
    const { env, origin, update, answerWith, emulator } = await startAzure();
    answerWith(400);
    const gateway = startGatewayProcess({
      ...env,
      IDENTITY_ENDPOINT: `${origin}/msi/token`,
      IDENTITY_HEADER: 'of the platform',
    });
    const { errors } = await update(await gateway.url(), 'ada');
    expect(errors).toMatchObject([
      {
        message: 'The gateway failed. The operator has been told.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', outcome: 'NOT_APPLIED' },
      },
    ]);
    while (!gateway.stdout().includes('look at AZURE_USE_MANAGED_IDENTITY')) await once(gateway.child.stdout, 'data');
    expect(emulator.entra.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    answerWith(200);
    expect(await update(await gateway.url(), 'ada')).toEqual(UPDATED);
  });
});
