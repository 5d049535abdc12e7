import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/emulator/emulator.ts';
import { createSelfSignedCertificate } from '../../emulator/self-signed-certificate.ts';
import { startGateway } from '../../support/gateway.ts';
import { updatedSession, updateSession } from '../../support/update-session.ts';

const INTERNAL = { code: 'INTERNAL_SERVER_ERROR', outcome: 'NOT_APPLIED' };

async function file(name: string, content: string) {
  const folder = await mkdtemp(join(tmpdir(), 'credential-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, content);
  return { path, replace: (text: string) => writeFile(path, text), remove: () => rm(path) };
}

/** A gateway that proves itself with this setting instead of the secret. */
async function gatewayWith(setting: Record<string, string>, prepare: (emulator: Emulator) => void = () => undefined) {
  const gateway = await startGateway({ env: { AZURE_CLIENT_SECRET: '', ...setting } });
  prepare(gateway.emulator);
  const forms = () => gateway.emulator.entra.requests.flatMap(({ form }) => (form === undefined ? [] : [form]));
  const hints = () => gateway.logs().flatMap(({ hint }) => (typeof hint === 'string' ? [hint] : []));
  const update = () => updateSession(gateway, { token: gateway.emulator.entra.mintToken() });
  return { gateway, forms, hints, update };
}

/** Whoever vouches for the gateway, as Kubernetes does: tokens that Entra has been told to believe. */
async function federation() {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const [issuer, subject] = ['https://oidc.test', 'system:serviceaccount:gateway'];
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k' };
  return {
    register: ({ entra }: Emulator) => entra.acceptFederated({ issuer, subject, key: { keys: [jwk] } }),
    token: (jti: string, expires = '1h') =>
      new SignJWT({ iss: issuer, sub: subject, aud: 'api://AzureADTokenExchange', jti })
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .setExpirationTime(expires)
        .sign(privateKey),
  };
}

const jtiOf = (assertion = '') => JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()).jti;

describe('a client certificate', () => {
  it('proves the gateway, without its secret', async () => {
    const { certificate, privateKey } = createSelfSignedCertificate();
    const { path } = await file('client.pem', certificate + privateKey);
    const { update, forms } = await gatewayWith({ AZURE_CLIENT_CERTIFICATE_PATH: path }, ({ entra }) =>
      entra.acceptCertificate(certificate),
    );
    expect(updatedSession(await update())).toEqual({ id: 'session-1', deviceName: 'Tablet' });
    expect(forms()).toHaveLength(1);
    expect(forms()[0]?.client_assertion).toMatch(/^eyJ/);
    expect(forms()[0]).not.toHaveProperty('client_secret');
  });

  it('that Entra does not know is the operator’s matter', async () => {
    const { certificate, privateKey } = createSelfSignedCertificate();
    const { path } = await file('client.pem', certificate + privateKey);
    const { update, hints } = await gatewayWith({ AZURE_CLIENT_CERTIFICATE_PATH: path });
    expect((await update()).body.errors).toMatchObject([{ extensions: INTERNAL }]);
    expect(hints()).toEqual([expect.stringMatching(/AADSTS700027.*AZURE_CLIENT_CERTIFICATE_PATH/)]);
  });

  it.each([
    ['no PEM', 'not a certificate'],
    ['a certificate without its key', createSelfSignedCertificate().certificate],
  ])('file that was replaced by %s is the operator’s matter, and nothing is sent', async (_what, content) => {
    const { certificate, privateKey } = createSelfSignedCertificate();
    const { path, replace } = await file('client.pem', certificate + privateKey);
    const { gateway, update, hints, forms } = await gatewayWith({ AZURE_CLIENT_CERTIFICATE_PATH: path });
    await replace(content);
    const { status, body } = await update();
    expect(status).toBe(200);
    expect(body.errors).toMatchObject([{ extensions: INTERNAL }]);
    expect(hints()).toEqual([expect.stringContaining('AZURE_CLIENT_CERTIFICATE_PATH')]);
    expect(forms()).toEqual([]);
    expect(JSON.stringify(body)).not.toContain(path);
    expect(gateway.logText()).not.toContain('BEGIN');
  });
});

describe('a federated token file', () => {
  it('is read anew at each exchange, because it rotates', async () => {
    const { register, token } = await federation();
    const { path, replace } = await file('token', `${await token('first')}\n`);
    const { update, forms } = await gatewayWith({ AZURE_FEDERATED_TOKEN_FILE: path }, register);
    expect(updatedSession(await update())).toBeDefined();
    await replace(await token('second'));
    expect(updatedSession(await update())).toBeDefined();
    expect(forms().map((form) => jtiOf(form.client_assertion))).toEqual(['first', 'second']);
    expect(forms()[0]).not.toHaveProperty('client_secret');
  });

  it('that was stale is read once more before anybody is told', async () => {
    const { register, token } = await federation();
    const fresh = await token('fresh');
    const { path, replace } = await file('token', await token('stale', '-1h'));
    const { update, forms, gateway } = await gatewayWith({ AZURE_FEDERATED_TOKEN_FILE: path }, register);
    gateway.emulator.entra.respondWith({ match: { method: 'POST' }, delayMs: 40 });
    const answer = update();
    while (forms().length === 0) await new Promise(setImmediate);
    await replace(fresh);
    expect(updatedSession(await answer)).toBeDefined();
    expect(forms().map((form) => jtiOf(form.client_assertion))).toEqual(['stale', 'fresh']);
  });

  it('that stays stale is the operator’s matter, after two tries', async () => {
    const { register, token } = await federation();
    const { path } = await file('token', await token('stale', '-1h'));
    const { update, forms, hints } = await gatewayWith({ AZURE_FEDERATED_TOKEN_FILE: path }, register);
    expect((await update()).body.errors).toMatchObject([{ extensions: INTERNAL }]);
    expect(forms()).toHaveLength(2);
    expect(hints()).toEqual([expect.stringMatching(/AADSTS700024.*AZURE_FEDERATED_TOKEN_FILE/)]);
  });

  it('that is gone is the operator’s matter, until it is back', async () => {
    const { register, token } = await federation();
    const { path, remove, replace } = await file('token', '');
    const { update, forms, hints } = await gatewayWith({ AZURE_FEDERATED_TOKEN_FILE: path }, register);
    await remove();
    expect((await update()).body.errors).toMatchObject([{ extensions: INTERNAL }]);
    expect(forms()).toEqual([]);
    expect(hints()).toEqual([expect.stringContaining('AZURE_FEDERATED_TOKEN_FILE')]);
    await replace(await token('back'));
    expect(updatedSession(await update())).toBeDefined();
  });

  it('that Entra was not told about is the operator’s matter', async () => {
    const { token } = await federation();
    const { path } = await file('token', await token('unknown'));
    const { update, hints } = await gatewayWith({ AZURE_FEDERATED_TOKEN_FILE: path });
    expect((await update()).body.errors).toMatchObject([{ extensions: INTERNAL }]);
    expect(hints()).toEqual([expect.stringMatching(/AADSTS700211.*AZURE_FEDERATED_TOKEN_FILE/)]);
  });
});

it('a wrong secret is the operator’s matter, and is shown to nobody', async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const gateway = await startGateway({ emulator, env: { AZURE_CLIENT_SECRET: 'canary~wrong-secret' } });
  const { body } = await updateSession(gateway);
  expect(body.errors).toMatchObject([
    { message: 'The gateway failed. The operator has been told.', extensions: INTERNAL },
  ]);
  expect(body.errors[0].extensions).toEqual(INTERNAL);
  const lines = gateway.logs().filter(({ hint }) => hint !== undefined);
  expect(lines).toMatchObject([{ level: 50, hint: expect.stringMatching(/AADSTS7000215.*AZURE_CLIENT_SECRET/) }]);
  expect(gateway.logText() + JSON.stringify(body)).not.toContain('canary');
});
