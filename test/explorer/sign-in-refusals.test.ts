import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { createBrowser } from './browser.ts';

const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'';

/** A sign-in that Entra answers with an error instead of a code. */
async function refused(error: Record<string, string>, options: Parameters<typeof startGateway>[0] = {}) {
  const gateway = await startGateway(options);
  const origin = gateway.url.replace('127.0.0.1', 'localhost');
  const browser = createBrowser();
  const { location } = await browser.get(`${origin}/sign-in`);
  const state = new URL(location).searchParams.get('state') ?? '';
  const answer = await browser.get(`${origin}/sign-in/callback?${new URLSearchParams({ ...error, state })}`);
  return { ...gateway, ...answer, origin };
}

describe('what Entra says instead of a code', () => {
  it.each([
    ['50011', 'http://localhost/sign-in/callback'],
    ['65001', 'admin consent'],
    ['90094', 'admin consent'],
    ['7000215', 'AZURE_CLIENT_SECRET'],
    ['7000222', 'AZURE_CLIENT_SECRET'],
    ['700016', 'AZURE_CLIENT_ID'],
    ['90002', 'AZURE_TENANT_ID'],
    ['650053', 'API_SCOPE'],
    ['50105', 'Users and groups'],
  ])('with AADSTS%s says what to mend: %s', async (number, remedy) => {
    const description = `AADSTS${number}: something. Trace ID: 1 Correlation ID: 2 Timestamp: 3`;
    const { status, headers, text } = await refused({ error: 'invalid_request', error_description: description });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).toContain(`AADSTS${number}`);
    expect(text).toContain(remedy);
  });

  it('names the very redirect URI that was asked for, too', async () => {
    const { text, origin } = await refused({ error: 'invalid_request', error_description: 'AADSTS50011: no match' });
    expect(text).toContain(`${origin}/sign-in/callback`);
  });

  it.each([
    { error: HOSTILE, error_description: HOSTILE },
    { error: 'access_denied', error_description: `AADSTS65004: ${HOSTILE}` },
    { error: 'access_denied', error_description: HOSTILE.repeat(500) },
    { error: '', error_description: '' },
  ])('is shown as text, however hostile', async (error) => {
    const { status, headers, text } = await refused(error);
    expect(status).toBe(400);
    expect(text).not.toMatch(/<script|<img/);
    expect(headers.get('content-security-policy')).not.toContain('script-src');
    expect(text.length).toBeLessThan(20_000);
  });

  it('is of no effect for a sign-in that nobody began, and its text is not shown', async () => {
    const { url } = await startGateway();
    const query = new URLSearchParams({
      error: 'access_denied',
      error_description: `AADSTS65001 ${HOSTILE} call 555`,
      state: 'x',
    });
    const { status, text } = await createBrowser().get(`${url}/sign-in/callback?${query}`);
    expect(status).toBe(400);
    expect(text).toContain('AADSTS65001');
    expect(text).toContain('admin consent');
    expect(text).not.toMatch(/<script|<img|call 555/);
  });

  it('leaves no token, stack or text of it in the log', async () => {
    const { logText } = await refused({ error: 'x', error_description: 'AADSTS50011: planted-text' });
    expect(logText()).not.toContain('planted-text');
  });
});

describe('a refusal of the token endpoint', () => {
  const answerOf = async (fault: Record<string, unknown>) => {
    const gateway = await startGateway();
    const origin = gateway.url.replace('127.0.0.1', 'localhost');
    const browser = createBrowser();
    const callback = await browser.toCallback(`${origin}/sign-in`);
    gateway.emulator.entra.respondWith({
      match: { method: 'POST', path: `/${gateway.emulator.entra.tenantId}` },
      ...fault,
    });
    return { ...(await browser.get(callback)), logText: gateway.logText };
  };

  it('of a wrong secret names AZURE_CLIENT_SECRET', async () => {
    const gateway = await startGateway({ env: { AZURE_CLIENT_SECRET: 'wrong~secret' } });
    const origin = gateway.url.replace('127.0.0.1', 'localhost');
    const browser = createBrowser();
    const { status, text } = await browser.get(await browser.toCallback(`${origin}/sign-in`));
    expect(status).toBe(400);
    expect(text).toContain('AADSTS7000215');
    expect(text).toContain('AZURE_CLIENT_SECRET');
    expect(text).not.toContain('wrong~secret');
  });

  it.each([
    [
      'an error with HTML in it',
      { status: 400, body: { error: 'invalid_grant', error_description: `AADSTS70008: ${HOSTILE}` } },
    ],
    ['an error that is no error', { status: 400, body: { error: 17, error_codes: 'x' } }],
    ['no JSON', { status: 200, headers: { 'content-type': 'text/html' }, body: HOSTILE }],
    ['an answer without a token', { status: 200, body: { token_type: 'Bearer' } }],
    ['a token that is none', { status: 200, body: { token_type: 'Bearer', access_token: HOSTILE, id_token: 'a.b.c' } }],
    ['a broken connection', { drop: 'before-headers' }],
    ['a server error', { status: 503, body: {} }],
  ])('such as %s is a readable page', async (_name, fault) => {
    const { status, headers, text } = await answerOf(fault);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toContain('Sign-in failed');
    expect(text).not.toMatch(/<script|<img|\bat .*\.ts:/);
  });
});

describe('an ID token', () => {
  /** Signs somebody in, and has Entra answer with an ID token that was changed. */
  async function withIdToken(change: Record<string, unknown>) {
    const { emulator, url } = await startGateway();
    const { entra } = emulator;
    const origin = url.replace('127.0.0.1', 'localhost');
    const browser = createBrowser();
    const authorize = new URL((await browser.get(`${origin}/sign-in`)).location);
    const [state = '', nonce = ''] = ['state', 'nonce'].map((name) => authorize.searchParams.get(name) ?? '');
    const { tamper, ...changed } = change;
    const signed = entra.mintToken({ aud: entra.clientId, claims: { nonce, ...changed } });
    entra.respondWith({
      match: { method: 'POST', path: `/${entra.tenantId}` },
      status: 200,
      body: {
        token_type: 'Bearer',
        access_token: entra.mintToken(),
        id_token: tamper === true ? signed.replace(/[^.]+$/, 'c2ln') : signed,
      },
    });
    return browser.get(`${origin}/sign-in/callback?${new URLSearchParams({ code: 'a-code', state })}`);
  }

  it('with the nonce of this sign-in is accepted', async () => {
    expect((await withIdToken({})).status).toBe(200);
  });

  it.each([
    ['another nonce', { nonce: 'another' }],
    ['no nonce', { nonce: null }],
    ['another issuer', { iss: 'https://evil.example/v2.0' }],
    ['another audience', { aud: 'another-app' }],
    ['an end that is past', { exp: 1 }],
    ['another signature', { tamper: true }],
  ])('with %s is not', async (_name, changed) => {
    const { status, text } = await withIdToken(changed);
    expect(status).toBe(400);
    expect(text).toContain('does not belong to this sign-in');
    expect(text).not.toMatch(/eyJ/);
  });
});
