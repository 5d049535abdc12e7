import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { startGateway } from '../support/gateway.ts';
import { createBrowser, pageData } from './browser.ts';

const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;
const READ = '{ remoteHelpSessionResponses(first: 5) { nodes { id } } }';

/** A gateway as a browser reaches it: by the origin whose redirect URI is registered. */
async function start(options: Parameters<typeof startGateway>[0] = {}) {
  const gateway = await startGateway(options);
  const origin = gateway.url.replace('127.0.0.1', 'localhost');
  return { ...gateway, origin, signIn: `${origin}/sign-in`, entra: gateway.emulator.entra };
}
const tokenRequests = ({ entra }: Awaited<ReturnType<typeof start>>) =>
  entra.requests.filter(({ path, form }) => path.endsWith('/token') && form?.grant_type === 'authorization_code');

describe('GET /sign-in', () => {
  it('sends the browser to Entra with all that a confidential web app sends, and asks for the gateway itself', async () => {
    const { signIn, origin, entra } = await start();
    const { status, headers, location } = await createBrowser().get(signIn);
    expect(status).toBe(302);
    expect(headers.get('cache-control')).toBe('no-store');
    const url = new URL(location);
    expect(url.origin + url.pathname).toBe(`${entra.origin}/${entra.tenantId}/oauth2/v2.0/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: entra.clientId,
      response_type: 'code',
      response_mode: 'query',
      redirect_uri: `${origin}/sign-in/callback`,
      scope: `openid profile ${entra.clientId}/access_as_user`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      prompt: 'select_account',
    });
  });

  it('binds it to the browser by a cookie that holds nothing but a random handle', async () => {
    const { signIn } = await start();
    const { headers, location } = await createBrowser().get(signIn);
    const cookie = headers.getSetCookie().join();
    expect(cookie).toMatch(
      /^sign-in-[\w-]{8}=[\w-]{43}; Path=\/sign-in\/callback; Max-Age=600; HttpOnly; SameSite=Lax$/,
    );
    for (const secret of ['state', 'nonce', 'code_challenge']) {
      expect(cookie).not.toContain(new URL(location).searchParams.get(secret));
    }
  });

  it('never believes Host', async () => {
    const { url, origin } = await start();
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    const { location } = await createBrowser().get(`${url}/sign-in`, headers);
    expect(new URL(location).searchParams.get('redirect_uri')).toBe(`${origin}/sign-in/callback`);
  });

  it('uses the origin that is set, and a cookie for https only there', async () => {
    const { url } = await start({ env: { EXPLORER_ORIGIN: 'https://dev.example.com' } });
    const { location, headers } = await createBrowser().get(`${url}/sign-in`);
    expect(new URL(location).searchParams.get('redirect_uri')).toBe('https://dev.example.com/sign-in/callback');
    expect(headers.getSetCookie().join()).toMatch(/; Secure$/);
  });

  it('passes a claims challenge on, and nothing that is none', async () => {
    const { signIn } = await start();
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    const ask = async (value: string) =>
      new URL((await createBrowser().get(`${signIn}?${new URLSearchParams({ claims: value })}`)).location).searchParams;
    expect((await ask(claims)).get('claims')).toBe(claims);
    for (const wrong of ['', '{', '[]', '"text"', `{"a":"${'x'.repeat(5_000)}"}`]) {
      expect((await ask(wrong)).get('claims')).toBeNull();
    }
  });

  it('is a page that names the setting when Entra cannot be reached', async () => {
    const { signIn, emulator } = await start();
    await emulator.entra.stop();
    const { status, text } = await createBrowser().get(signIn);
    expect(status).toBe(424);
    expect(text).toContain('AZURE_AUTHORITY_HOST');
    await emulator.entra.start();
  });
});

describe('GET /sign-in/callback', () => {
  it.each(samplePeople.map(({ name }, index) => [name, index] as const))(
    'gives the page a token of %s that works',
    async (name, index) => {
      const gateway = await start();
      const browser = createBrowser();
      const { status, headers, text } = await browser.get(await browser.toCallback(gateway.signIn, index));
      expect(status).toBe(200);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'sha256-/,
      );
      const { token, returnTo } = pageData(text);
      expect(decodeJwt(token)).toMatchObject({ name, scp: 'access_as_user' });
      expect(returnTo).toBe('/graphql');
      expect((await gateway.query(READ, { token })).body.data.remoteHelpSessionResponses.nodes).not.toEqual([]);
      expect(JSON.stringify([...headers])).not.toMatch(JWT);
    },
  );

  it('is accepted once', async () => {
    const gateway = await start();
    const browser = createBrowser();
    const callback = await browser.toCallback(gateway.signIn);
    expect((await browser.get(callback)).status).toBe(200);
    const again = await browser.get(callback);
    expect(again.status).toBe(400);
    expect(again.text).not.toMatch(JWT);
    expect(tokenRequests(gateway)).toHaveLength(1);
  });

  it('is accepted once when it comes twice at the same time', async () => {
    const gateway = await start();
    const browser = createBrowser();
    const callback = await browser.toCallback(gateway.signIn);
    const answers = await Promise.all([browser.get(callback), browser.get(callback)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  });

  it('is accepted only in the browser that began it, which may still come', async () => {
    const gateway = await start();
    const browser = createBrowser();
    const callback = await browser.toCallback(gateway.signIn);
    const other = createBrowser();
    await other.get(gateway.signIn);
    expect((await other.get(callback)).status).toBe(400);
    expect(tokenRequests(gateway)).toEqual([]);
    expect((await browser.get(callback)).status).toBe(200);
  });

  it('of two tabs of one browser both come to an end', async () => {
    const { signIn } = await start();
    const browser = createBrowser();
    const callbacks = [await browser.toCallback(signIn, 0), await browser.toCallback(signIn, 1)];
    for (const callback of callbacks) expect((await browser.get(callback)).status).toBe(200);
  });

  it.each([
    ['another', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['none', (url: URL) => url.searchParams.delete('state')],
    ['an empty one', (url: URL) => url.searchParams.set('state', '')],
    ['a long one', (url: URL) => url.searchParams.set('state', 'x'.repeat(20_000))],
    ['one of a prototype', (url: URL) => url.searchParams.set('state', '__proto__')],
  ])('with %s as state never sends the code to Entra', async (_name, change) => {
    const gateway = await start();
    const browser = createBrowser();
    const url = new URL(await browser.toCallback(gateway.signIn));
    change(url);
    const { status, headers, text } = await browser.get(url.href);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toContain('Sign-in failed');
    expect(tokenRequests(gateway)).toEqual([]);
  });

  it('with state twice sends nothing either', async () => {
    const gateway = await start();
    const browser = createBrowser();
    const callback = await browser.toCallback(gateway.signIn);
    const state = new URL(callback).searchParams.get('state');
    expect((await browser.get(`${callback}&state=${state}`)).status).toBe(400);
    expect(tokenRequests(gateway)).toEqual([]);
  });

  it.each([
    ['a code of nobody', 'invented', 'AADSTS70008'],
    ['no code', null, 'Sign-in failed'],
  ])('with %s is a readable page', async (_name, code, expected) => {
    const gateway = await start();
    const browser = createBrowser();
    const url = new URL(await browser.toCallback(gateway.signIn));
    if (code === null) url.searchParams.delete('code');
    else url.searchParams.set('code', code);
    const { status, text } = await browser.get(url.href);
    expect(status).toBe(400);
    expect(text).toContain(expected);
  });

  it('with the code of another sign-in is refused', async () => {
    const gateway = await start();
    const browser = createBrowser();
    const [one, two] = [await browser.toCallback(gateway.signIn, 0), await browser.toCallback(gateway.signIn, 1)];
    const url = new URL(one);
    url.searchParams.set('code', new URL(two).searchParams.get('code') ?? '');
    const { status, text } = await browser.get(url.href);
    expect(status).toBe(400);
    expect(text).toContain('AADSTS501481');
    expect(text).not.toMatch(JWT);
  });

  it('after ten minutes is too late', async () => {
    let now = Date.now();
    const gateway = await start({ dependencies: { clock: () => now } });
    const browser = createBrowser();
    const callback = await browser.toCallback(gateway.signIn);
    now += 10 * 60 * 1000;
    expect((await browser.get(callback)).status).toBe(400);
    expect(tokenRequests(gateway)).toEqual([]);
  });

  it('leaves code, state, verifier and token out of every log line', async () => {
    const gateway = await start();
    const browser = createBrowser();
    const callback = new URL(await browser.toCallback(gateway.signIn));
    const { token } = pageData((await browser.get(callback.href)).text);
    await browser.get(callback.href);
    const form = tokenRequests(gateway)[0]?.form;
    const secrets = [callback.searchParams.get('code'), callback.searchParams.get('state'), token, form?.code_verifier];
    expect(secrets.filter((secret) => typeof secret !== 'string' || secret.length < 20)).toEqual([]);
    for (const secret of secrets) expect(gateway.logText()).not.toContain(secret);
  });
});

describe('the address to return to', () => {
  const returned = async (path: string) => {
    const { signIn } = await start();
    const browser = createBrowser();
    const callback = await browser.toCallback(`${signIn}?${new URLSearchParams({ return: path })}`);
    return pageData((await browser.get(callback)).text).returnTo;
  };

  it.each(['/graphql', '/graphql?explorer=graphiql', '/readme', '/'])(
    'may be a path of this origin: %s',
    async (path) => {
      expect(await returned(path)).toBe(path);
    },
  );

  it.each([
    'https://evil.example/',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%2f/evil.example',
    '/%5cevil.example',
    '/.//evil.example',
    '/\t/evil.example',
    ' //evil.example',
    'javascript:alert(1)',
    'evil',
    '',
    '/"><script>',
    `/${'a'.repeat(3_000)}`,
    `/${'a'.repeat(1_000)}!`,
  ])('is the explorer for anything else: %s', async (path) => {
    expect(await returned(path)).toBe('/graphql');
  });
});

describe('the work of a page at another origin', () => {
  const keepText = (url: string, body: string) =>
    fetch(`${url}/sign-in/kept`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const keep = (url: string, body: unknown) => keepText(url, JSON.stringify(body));

  it('is given to the sign-in that names it, once', async () => {
    const { url, signIn } = await start();
    const work = { ready: '{ __typename } </script>' };
    const { kept } = (await (await keep(url, work)).json()) as { kept: string };
    const withWork = async () => {
      const browser = createBrowser();
      const { text } = await browser.get(await browser.toCallback(`${signIn}?kept=${kept}`));
      return pageData(text).kept;
    };
    expect(JSON.parse(await withWork())).toEqual(work);
    expect(await withWork()).toBeUndefined();
  });

  it('is not kept when it is large, and the oldest is forgotten for the newest', async () => {
    const { url, signIn } = await start();
    expect((await keep(url, { text: 'x'.repeat(1_100_000) })).status).toBe(413);
    // Written anew it is four times as long: a number of 21 digits for `1e20`.
    expect((await keepText(url, `[${'1e20,'.repeat(100_000)}1]`)).status).toBe(413);
    const { kept } = (await (await keep(url, {})).json()) as { kept: string };
    for (let count = 0; count < 20; count += 1) await keep(url, {});
    const browser = createBrowser();
    const { text } = await browser.get(await browser.toCallback(`${signIn}?kept=${kept}`));
    expect(pageData(text).kept).toBeUndefined();
  });

  it.each([
    ['cancelled', 0, '?error=access_denied'],
    ['begun too long ago', 11 * 60 * 1000, '?code=a-code'],
  ])(
    'stays with both ways on from a sign-in that was %s, with its claims, until it is delivered',
    async (_why, ms, end) => {
      let now = Date.now();
      const { url, origin, signIn } = await start({ dependencies: { clock: () => now } });
      const work = { waiting: '{}' };
      const { kept } = (await (await keep(url, work)).json()) as { kept: string };
      const asked = { return: '/graphql?explorer=graphiql', claims: '{"access_token":{}}', kept };
      const browser = createBrowser();
      const { location } = await browser.get(`${signIn}?${new URLSearchParams(asked)}`);
      now += ms;
      const state = new URL(location).searchParams.get('state');
      const { status, text } = await browser.get(`${origin}/sign-in/callback${end}&state=${state}`);
      expect(status).toBe(400);
      const [again, back] = [...text.matchAll(/href="(\/sign-in[^"]*)"/g)].map(
        ([, href = '']) => new URL(href.replaceAll('&amp;', '&'), origin),
      );
      expect([again?.pathname, back?.pathname]).toEqual(['/sign-in', '/sign-in/back']);
      for (const way of [again, back]) expect(Object.fromEntries(way?.searchParams ?? [])).toEqual(asked);
      const delivered = pageData((await browser.get(back?.href ?? '')).text);
      expect(delivered).toEqual({ returnTo: asked.return, kept: JSON.stringify(work) });
      expect(pageData((await browser.get(back?.href ?? '')).text)).toEqual({ returnTo: asked.return });
    },
  );
});
