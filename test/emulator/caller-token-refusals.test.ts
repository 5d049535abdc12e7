import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MintOptions } from '../../src/emulator/entra/caller-token.ts';
import { type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

const now = () => Math.floor(Date.now() / 1_000);
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe("refuses a caller's token", () => {
  const cases: [name: string, mint: () => MintOptions, code: number][] = [
    ['that has expired', () => ({ exp: now() - 1 }), 500133],
    ['that is not valid yet', () => ({ nbf: now() + 900 }), 500133],
    ['for another audience', () => ({ aud: 'api://somebody-else' }), 500131],
    ['for Graph', () => ({ aud: scene.graph.origin }), 500131],
    ['whose audience is in upper case', () => ({ aud: scene.entra.audience.toUpperCase() }), 500131],
    ['of another tenant', () => ({ tid: '99999999-0000-4000-8000-000000000000' }), 50013],
    ['of another issuer', () => ({ iss: 'https://evil.test' }), 50013],
    ['of an app alone', () => ({ omit: ['scp'], claims: { roles: ['Do.All'] } }), 7000114],
    ['marked as an app', () => ({ claims: { idtyp: 'app' } }), 7000114],
    ['that is an id token', () => ({ omit: ['scp', 'azp', 'azpacr'] }), 240002],
    ['whose key is unknown', () => ({ header: { kid: 'unknown' } }), 50013],
    ['that says it needs no signature', () => ({ header: { alg: 'none' } }), 50013],
  ];
  test.each(cases)('%s', async (_name, mint, code) => {
    const { status, body } = await scene.exchange({ assertion: scene.entra.mintToken(mint()) });
    expect([status, body.error_codes]).toStrictEqual([400, [code]]);
  });

  test('that is malformed', async () => {
    for (const assertion of ['x', 'a.b.c', `${base64url({})}.${base64url([])}.x`]) {
      expect((await scene.exchange({ assertion })).body.error_codes).toStrictEqual([50027]);
    }
  });

  test('that is forged', async () => {
    const [header = '', payload = ''] = scene.entra.mintToken().split('.');
    const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const hs256 = `${base64url({ alg: 'HS256', kid: scene.entra.publicKeys().keys[0]?.kid })}.${payload}`;
    const forgeries = [
      `${header}.${payload}.${sign('sha256', Buffer.from(`${header}.${payload}`), foreign).toString('base64url')}`,
      `${hs256}.${createHmac('sha256', scene.entra.signingKeyPem()).update(hs256).digest('base64url')}`,
      `${header}.${payload}.`,
    ];
    for (const assertion of forgeries) {
      expect((await scene.exchange({ assertion })).body.error_codes).toStrictEqual([50013]);
    }
  });
});
