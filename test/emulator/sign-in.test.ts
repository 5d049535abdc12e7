import { createHash, X509Certificate } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, importPKCS8, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { read, type Scene, startScene } from './scene.ts';
import { createSelfSignedCertificate } from './self-signed-certificate.ts';

let now = Date.now();
let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ clock: () => now });
});
afterAll(() => scene.close());
beforeEach(() => {
  now = Date.now();
  scene.reset();
});

const CALLBACK = 'http://localhost:4000/sign-in/callback';
const verifier = 'a-verifier-of-at-least-forty-three-characters-in-all';
const challenge = createHash('sha256').update(verifier).digest('base64url');
const [first, second] = samplePeople;
const self = () => `openid profile offline_access ${scene.entra.clientId}/access_as_user`;
const usual = (): Record<string, string> => ({
  client_id: scene.entra.clientId,
  response_type: 'code',
  redirect_uri: CALLBACK,
  scope: self(),
  state: 'a state',
  nonce: 'a nonce',
  code_challenge: challenge,
  code_challenge_method: 'S256',
});
type Changes = Record<string, string | undefined>;
const given = (fields: Changes) =>
  new URLSearchParams(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined));

const endpoint = (name: string, tenant = scene.entra.tenantId) => `${scene.entra.origin}/${tenant}/oauth2/v2.0/${name}`;
const authorize = async (changes: Changes = {}) =>
  read(await fetch(`${endpoint('authorize')}?${given({ ...usual(), ...changes })}`, { redirect: 'manual' }));
const unescaped = (text = '') => text.replaceAll('&amp;', '&');
/** The links of the page, as a browser follows them. */
const linksOf = (text: string) =>
  [...text.matchAll(/<a href="([^"]*)">/g)].map(([, href]) => new URL(unescaped(href), endpoint('authorize')).href);
const back = (location: string | null) => Object.fromEntries(new URL(location ?? '').searchParams);
/** Signs the n-th person in, as a browser does, and answers what comes back to the app. */
async function signIn(changes: Changes = {}, person = 0) {
  const page = await authorize(changes);
  const answer = await fetch(linksOf(page.text)[person] ?? '', { redirect: 'manual' });
  expect(answer.status).toBe(302);
  return back(answer.headers.get('location'));
}
const token = async (fields: Changes) =>
  read(await fetch(endpoint('token'), { method: 'POST', body: given(clientOf(fields)) }));
const clientOf = (fields: Changes) => ({
  client_id: scene.entra.clientId,
  client_secret: scene.entra.clientSecret,
  ...fields,
});
const redeem = (code: string | undefined, changes: Changes = {}) =>
  token({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: verifier, ...changes });

describe('signing in', () => {
  test('shows a page where a person is chosen, which needs no script', async () => {
    const { status, headers, text } = await authorize();
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/html');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const { name, username } of samplePeople) expect(text).toContain(`<b>${name}</b><br>${username}`);
    expect(text).not.toContain('<script');
    expect(new Set(samplePeople.map(({ oid }) => oid)).size).toBe(samplePeople.length);
  });

  test('comes back with a code and the state, and the code is worth the tokens of that person', async () => {
    const { code, ...rest } = await signIn({}, 1);
    expect(rest).toStrictEqual({ state: 'a state', session_state: expect.any(String) });
    const { status, body } = await redeem(code);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      scope: `${scene.entra.clientId}/access_as_user`,
      expires_in: 3600,
      refresh_token: expect.any(String),
    });
    const jwks = createRemoteJWKSet(new URL(`${scene.entra.origin}/${scene.entra.tenantId}/discovery/v2.0/keys`));
    const expected = {
      issuer: `${scene.entra.origin}/${scene.entra.tenantId}/v2.0`,
      audience: scene.entra.clientId,
    };
    const person = { oid: second?.oid, name: second?.name, preferred_username: second?.username, ver: '2.0' };
    const access = await jwtVerify(String(body.access_token), jwks, expected);
    expect(access.payload).toMatchObject({ ...person, scp: 'access_as_user', azp: scene.entra.clientId, azpacr: '1' });
    const id = await jwtVerify(String(body.id_token), jwks, expected);
    expect(id.payload).toMatchObject({ ...person, nonce: 'a nonce', tid: scene.entra.tenantId });
    expect((await scene.exchange({ assertion: String(body.access_token) })).status).toBe(200);
  });

  test('can be cancelled', async () => {
    const links = linksOf((await authorize()).text);
    const answer = await fetch(links.at(-1) ?? '', { redirect: 'manual' });
    expect(back(answer.headers.get('location'))).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining('AADSTS65004'),
      state: 'a state',
    });
  });

  test('puts the person of login_hint first, unless the choice is to be open', async () => {
    const firstLink = async (changes: Changes) =>
      new URL(linksOf((await authorize({ login_hint: second?.username, ...changes })).text)[0] ?? '').searchParams;
    expect((await firstLink({})).get('emulator_person')).toBe(second?.oid);
    expect((await firstLink({ prompt: 'select_account' })).get('emulator_person')).toBe(first?.oid);
    expect((await authorize({ login_hint: '<b>' })).text).toContain('&lt;b&gt;');
  });

  test('may put its answer into the fragment, and takes POST', async () => {
    const body = given({ ...usual(), response_mode: 'fragment' });
    const page = await read(await fetch(endpoint('authorize'), { method: 'POST', body }));
    const answer = await fetch(linksOf(page.text)[0] ?? '', { redirect: 'manual' });
    expect(answer.headers.get('location')).toMatch(/^http:\/\/localhost:4000\/sign-in\/callback#code=/);
  });

  test('works with a client library that proves itself with a certificate, and without a port', async () => {
    const { origin, tenantId, clientId } = scene.entra;
    const { certificate, privateKey } = createSelfSignedCertificate();
    scene.entra.acceptCertificate(certificate);
    const x5t = createHash('sha1').update(new X509Certificate(certificate).raw).digest('base64url');
    const key = await importPKCS8(privateKey, 'RS256');
    const proof = oidc.PrivateKeyJwt(key, {
      [oidc.modifyAssertion]: (header) => {
        header.x5t = x5t;
      },
    });
    const config = await oidc.discovery(new URL(`${origin}/${tenantId}/v2.0`), clientId, undefined, proof, {
      execute: [oidc.allowInsecureRequests],
    });
    const [state, nonce, pkceCodeVerifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: 'http://localhost/sign-in/callback',
      scope: self(),
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const page = await (await fetch(url)).text();
    const answer = await fetch(linksOf(page)[0] ?? '', { redirect: 'manual' });
    const tokens = await oidc.authorizationCodeGrant(config, new URL(answer.headers.get('location') ?? ''), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier,
      idTokenExpected: true,
    });
    expect(tokens.claims()).toMatchObject({ oid: first?.oid, name: first?.name });
    const scope = `${clientId}/access_as_user`;
    const again = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '', { scope });
    expect(decodeJwt(again.access_token)).toMatchObject({ oid: first?.oid, scp: 'access_as_user' });
  });

  test('gives an app that names no scope of its own a token for Graph', async () => {
    const { code } = await signIn({ scope: 'openid profile' });
    const { body } = await redeem(code);
    expect(decodeJwt(String(body.access_token)).aud).toBe('00000003-0000-0000-c000-000000000000');
    expect(body).not.toHaveProperty('refresh_token');
  });

  test('signs out', async () => {
    expect((await fetch(endpoint('logout'))).status).toBe(200);
  });
});

describe('the page refuses', () => {
  test.each<[string, Changes, number]>([
    ['another path', { redirect_uri: 'http://localhost/sign-in/other' }, 50011],
    ['127.0.0.1', { redirect_uri: 'http://127.0.0.1:4000/sign-in/callback' }, 50011],
    ['another host', { redirect_uri: 'http://localhost.evil.example/sign-in/callback' }, 50011],
    ['a port that is a trick', { redirect_uri: 'http://localhost:80@evil.example/sign-in/callback' }, 50011],
    ['https', { redirect_uri: 'https://localhost/sign-in/callback' }, 50011],
    ['a query', { redirect_uri: `${CALLBACK}?x=1` }, 50011],
    ['upper case', { redirect_uri: 'http://localhost/Sign-In/callback' }, 50011],
    ['no redirect URI', { redirect_uri: undefined }, 900144],
    ['no client', { client_id: undefined }, 900144],
    ['an unknown client', { client_id: crypto.randomUUID() }, 700016],
    ['form_post', { response_mode: 'form_post' }, 70007],
  ])('%s, and sends nobody there', async (_name, changes, code) => {
    const { status, headers, text } = await authorize(changes);
    expect(status).toBe(400);
    expect(headers.get('location')).toBeNull();
    expect(text).toContain(`AADSTS${code}:`);
    expect(text).not.toContain('<script');
  });

  test('an unknown tenant and an unknown person', async () => {
    const other = await read(await fetch(`${endpoint('authorize', crypto.randomUUID())}?${given(usual())}`));
    expect(other.text).toContain('AADSTS90002');
    expect((await authorize({ emulator_person: 'nobody' })).status).toBe(400);
  });

  test('and shows hostile text as text', async () => {
    const { text } = await authorize({ redirect_uri: '"><script>alert(1)</script>' });
    expect(text).not.toContain('<script');
    expect(text).toContain('&lt;script&gt;');
  });
});

describe('the app is told of', () => {
  test.each<[string, () => Changes, string, number]>([
    [
      'its own api:// address',
      () => ({ scope: `openid ${scene.entra.audience}/access_as_user` }),
      'invalid_request',
      90009,
    ],
    ['another resource', () => ({ scope: 'api://other/x' }), 'invalid_resource', 500011],
    ['a scope that the app has not', () => ({ scope: `${scene.entra.clientId}/nonsense` }), 'invalid_client', 650053],
    ['a scope of Graph', () => ({ scope: 'openid User.Read' }), 'invalid_client', 650053],
    ['no scope', () => ({ scope: undefined }), 'invalid_request', 900144],
    ['no response type', () => ({ response_type: undefined }), 'invalid_request', 900144],
    ['an implicit flow', () => ({ response_type: 'id_token' }), 'unsupported_response_type', 700054],
    ['a silent request', () => ({ prompt: 'none' }), 'login_required', 50058],
    ['an unknown prompt', () => ({ prompt: 'dance' }), 'invalid_request', 90023],
    ['claims that are no JSON', () => ({ claims: '{' }), 'invalid_request', 50148],
    ['an unknown challenge method', () => ({ code_challenge_method: 'S1' }), 'invalid_request', 50149],
    ['a short challenge', () => ({ code_challenge: 'x' }), 'invalid_request', 501491],
  ])('%s', async (_name, changes, error, code) => {
    const { status, headers } = await authorize(changes());
    expect(status).toBe(302);
    expect(back(headers.get('location'))).toMatchObject({
      error,
      error_description: expect.stringContaining(`AADSTS${code}:`),
      state: 'a state',
    });
  });

  test('missing consent', async () => {
    scene.entra.consentToSignIn = false;
    expect((await signIn()).error_description).toContain('AADSTS65001:');
  });
});

describe('a code', () => {
  test('works once', async () => {
    const { code } = await signIn();
    expect((await redeem(code)).status).toBe(200);
    expect((await redeem(code)).body).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
  });

  test.each<[string, Changes, number, number]>([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 7000215],
    ['no credential', { client_secret: undefined }, 401, 7000218],
    ['an unknown client', { client_id: crypto.randomUUID() }, 400, 700016],
    ['another redirect URI', { redirect_uri: 'http://localhost:4001/sign-in/callback' }, 401, 500112],
    ['no redirect URI', { redirect_uri: undefined }, 400, 900144],
    ['another verifier', { code_verifier: verifier.toUpperCase() }, 400, 501481],
    ['no verifier', { code_verifier: undefined }, 400, 501481],
    ['a code that nobody gave', { code: 'x' }, 400, 70008],
    ['no code', { code: undefined }, 400, 900144],
    ['an unknown grant', { grant_type: 'password' }, 400, 70003],
  ])('is refused with %s, and is still good', async (_name, changes, status, error) => {
    const { code } = await signIn();
    const refused = await redeem(code, changes);
    expect([refused.status, refused.body.error_codes]).toStrictEqual([status, [error]]);
    expect((await redeem(code)).status).toBe(200);
  });

  test('expires', async () => {
    const { code } = await signIn();
    now += 10 * 60_000;
    expect((await redeem(code)).body.error_codes).toStrictEqual([70008]);
  });

  test('asked for without a challenge takes no verifier', async () => {
    const { code } = await signIn({ code_challenge: undefined, code_challenge_method: undefined });
    expect((await redeem(code)).body.error_codes).toStrictEqual([501481]);
    expect((await redeem(code, { code_verifier: undefined })).status).toBe(200);
  });
});

describe('a refresh token', () => {
  const refresh = (refresh_token: unknown, changes: Changes = {}) =>
    token({ grant_type: 'refresh_token', refresh_token: String(refresh_token), scope: self(), ...changes });
  const refreshToken = async () => (await redeem((await signIn()).code)).body.refresh_token;

  test('gives new tokens of the same person, again and again', async () => {
    const one = await refresh(await refreshToken());
    const other = await refresh(one.body.refresh_token);
    expect(decodeJwt(String(other.body.access_token))).toMatchObject({ oid: first?.oid, scp: 'access_as_user' });
    expect(other.body.refresh_token).not.toBe(one.body.refresh_token);
  });

  test('is not given unasked, and must come with the scope', async () => {
    const { code } = await signIn({ scope: `openid ${scene.entra.clientId}/access_as_user` });
    expect((await redeem(code)).body).not.toHaveProperty('refresh_token');
    expect((await refresh(await refreshToken(), { scope: undefined })).body.error_codes).toStrictEqual([90009]);
    expect((await refresh('x')).body.error_codes).toStrictEqual([70008]);
    expect((await refresh(await refreshToken(), { client_secret: 'wrong' })).status).toBe(401);
  });
});

describe('a step-up', () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"},"xms_cc":{"values":["cp1"]}}}';
  const demanded = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

  test('is shown on the page, and what comes back meets it, also after a refresh', async () => {
    scene.entra.requireClaimsFor(first?.oid ?? '', demanded);
    expect((await authorize({ claims })).text).toContain('&quot;acrs&quot;');
    const plain = await redeem((await signIn()).code);
    const assertion = String(plain.body.access_token);
    expect((await scene.exchange({ assertion })).body).toMatchObject({ error_codes: [50076], claims: demanded });
    const stepped = await redeem((await signIn({ claims })).code);
    expect(decodeJwt(String(stepped.body.access_token))).toMatchObject({ acrs: ['c1'], xms_cc: ['cp1'] });
    const exchanged = await scene.exchange({ assertion: String(stepped.body.access_token) });
    expect(decodeJwt(String(exchanged.body.access_token))).toMatchObject({ acrs: ['c1'] });
    const { body } = await token({
      grant_type: 'refresh_token',
      refresh_token: String(stepped.body.refresh_token),
      scope: self(),
    });
    expect((await scene.exchange({ assertion: String(body.access_token) })).status).toBe(200);
  });

  test('that Graph demands is met by it as well', async () => {
    scene.graph.requireClaims(demanded);
    const graphToken = async (changes: Changes) => {
      const { body } = await redeem((await signIn(changes)).code);
      return String((await scene.exchange({ assertion: String(body.access_token) })).body.access_token);
    };
    const read = async (changes: Changes) =>
      (await scene.call('GET', '/RemoteHelpSessionRetrieveResponse/session-1', { token: await graphToken(changes) }))
        .status;
    expect([await read({}), await read({ claims })]).toStrictEqual([401, 200]);
  });
});
