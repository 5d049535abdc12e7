import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { COLLECTION, type Scene, startScene } from './scene.ts';

let scene: Scene;
let now = Date.now();
beforeAll(async () => {
  scene = await startScene({ clock: () => now });
});
afterAll(() => scene.close());
beforeEach(() => {
  scene.reset();
  scene.entra.grantedScopes = ['DeviceManagementConfiguration.ReadWrite.All'];
});

const list = (token: string) => scene.call('GET', COLLECTION, { token });
const rename = (token: string) =>
  scene.call('PATCH', `${COLLECTION}/session-1`, { token, body: { deviceName: 'New' } });
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const refusal = ({ status, body, headers }: Awaited<ReturnType<typeof list>>) => ({
  status,
  ...(body.error as { code: string; message: string }),
  challenge: headers.get('www-authenticate') ?? '',
});

describe('a token is refused', () => {
  test('when there is none', async () => {
    const response = await fetch(scene.graph.baseUrl + COLLECTION);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="", authorization_uri="http/);
  });

  test("when it is the caller's own, or malformed", async () => {
    expect(refusal(await list(scene.entra.mintToken()))).toMatchObject({
      status: 401,
      code: 'InvalidAuthenticationToken',
      message: expect.stringContaining('audience'),
      challenge: expect.not.stringContaining('claims'),
    });
    expect((await list('nonsense')).status).toBe(401);
  });

  test('when it is forged', async () => {
    const [header = '', payload = ''] = (await scene.graphToken()).split('.');
    const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const hs256 = `${base64url({ alg: 'HS256', kid: scene.entra.publicKeys().keys[0]?.kid })}.${payload}`;
    const forgeries = [
      `${header}.${payload}.${sign('sha256', Buffer.from(`${header}.${payload}`), foreign).toString('base64url')}`,
      `${hs256}.${createHmac('sha256', scene.entra.signingKeyPem()).update(hs256).digest('base64url')}`,
      `${base64url({ alg: 'none' })}.${payload}.`,
    ];
    for (const forgery of forgeries) expect((await list(forgery)).status).toBe(401);
  });

  test('when it has expired', async () => {
    const token = await scene.graphToken();
    now += scene.entra.graphTokenLifetimeSeconds * 1_000;
    expect(refusal(await list(token)).message).toBe('Lifetime validation failed, the token is expired.');
  });

  test('when it was issued before a moment', async () => {
    const token = await scene.graphToken();
    now += 10;
    scene.graph.rejectTokensIssuedBefore(new Date(now));
    const { status, challenge } = refusal(await list(token));
    expect([status, challenge.includes('claims')]).toStrictEqual([401, false]);
    expect((await list(await scene.graphToken())).status).toBe(200);
  });
});

describe('scopes', () => {
  test('for reading may only read', async () => {
    scene.entra.grantedScopes = ['DeviceManagementServiceConfig.Read.All'];
    const token = await scene.graphToken();
    expect((await list(token)).status).toBe(200);
    expect(refusal(await rename(token))).toMatchObject({ status: 403, code: 'Forbidden' });
  });

  test('of another kind may do nothing', async () => {
    scene.entra.grantedScopes = ['User.Read'];
    expect((await list(await scene.graphToken())).status).toBe(403);
  });

  test('for writing may do both', async () => {
    scene.entra.grantedScopes = ['DeviceManagementServiceConfig.ReadWrite.All'];
    const token = await scene.graphToken();
    expect([(await list(token)).status, (await rename(token)).status]).toStrictEqual([200, 200]);
  });
});

describe('a claims challenge', () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}';
  const oid = '11111111-2222-4333-8444-555555555555';

  test('goes on until a token comes that was exchanged with the claims', async () => {
    const token = await scene.graphToken();
    scene.graph.requireClaims(claims);
    const { status, code, challenge } = refusal(await list(token));
    expect([status, code]).toStrictEqual([401, 'InvalidAuthenticationToken']);
    expect(challenge).toContain('error="insufficient_claims"');
    expect(challenge).toContain('client_id="00000003-0000-0000-c000-000000000000"');
    const encoded = /claims="([^"]+)"/.exec(challenge)?.[1] ?? '';
    expect(Buffer.from(encoded, 'base64').toString()).toBe(claims);
    expect((await list(await scene.graphToken())).status).toBe(401);
    expect((await list(await scene.graphToken({}, { claims }))).status).toBe(200);
    scene.graph.requireClaims(undefined);
    expect((await list(token)).status).toBe(200);
  });

  test("may be one user's", async () => {
    scene.graph.requireClaims(claims, { oid });
    expect((await list(await scene.graphToken())).status).toBe(200);
    expect((await list(await scene.graphToken({ oid }))).status).toBe(401);
    scene.graph.requireClaims(undefined, { oid });
    expect((await list(await scene.graphToken({ oid }))).status).toBe(200);
  });

  test('meets a batch as a whole, or entry by entry', async () => {
    const requests = ['1', '2'].map((id) => ({ id, method: 'GET', url: `${COLLECTION}/session-${id}` }));
    const token = await scene.graphToken();
    const batch = () => scene.call('POST', '/$batch', { token, body: { requests } });
    scene.graph.requireClaims(claims);
    expect((await batch()).status).toBe(401);
    scene.graph.requireClaims(claims, { at: 'entry' });
    scene.graph.entryHeaderCase = 'canonical';
    const { status, body } = await batch();
    expect(status).toBe(200);
    for (const entry of body.responses as { status: number; headers: Record<string, string> }[]) {
      expect(entry.status).toBe(401);
      expect(entry.headers['WWW-Authenticate']).toContain('insufficient_claims');
    }
  });
});
