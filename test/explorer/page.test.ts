import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { readProjectFile } from '../documents/project.ts';
import { startGateway } from '../support/gateway.ts';
import { pageData } from './browser.ts';

const CHROME = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const html = { headers: { accept: CHROME } };

/** As on the embedded emulator. */
async function onEmulator() {
  const emulator = await startEmulator();
  const explorer = { sessionId: 'session-1', mintToken: async () => emulator.entra.mintToken() };
  return startGateway({ emulator, dependencies: { explorer } });
}
const policyOf = (headers: Record<string, unknown>) =>
  Object.fromEntries(
    String(headers['content-security-policy'])
      .split('; ')
      .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]),
  );

describe('GET /graphql', () => {
  it.each([CHROME, 'text/html', 'TEXT/HTML', 'text/html;q=0.9,*/*;q=0.8', 'text/html, application/json;q=0.9'])(
    'for Accept %s is the explorer',
    async (accept) => {
      const { http } = await startGateway();
      for (const path of [
        '/graphql',
        '/graphql?explorer=sandbox',
        '/graphql?query=%7B__typename%7D',
        '/graphql?explorer=x',
      ]) {
        const { status, headers } = await http(path, { headers: { accept } });
        expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      }
    },
  );

  it.each(['*/*', 'application/json', 'application/json, text/html;q=0.5', 'text/html;q=0', 'text/plain', ''])(
    'for Accept %s is GraphQL',
    async (accept) => {
      const { http } = await startGateway();
      const { headers } = await http('/graphql?query=%7B__typename%7D', { headers: { accept } });
      expect(headers['content-type']).toMatch(/json/);
    },
  );

  it('is GraphQL for everything that is sent, and nowhere else', async () => {
    const { http } = await startGateway();
    const posted = await http('/graphql', {
      method: 'POST',
      headers: { accept: 'text/html', 'content-type': 'application/json' },
      body: '{"query":"{__typename}"}',
    });
    expect(posted.headers['content-type']).not.toMatch(/html/);
    expect((await http('/graphql/', html)).status).toBe(404);
    expect((await http('/nothing', html)).status).toBe(404);
  });
});

describe('the page', () => {
  it('says on the emulator that it is one, and opens signed in as the first sample person', async () => {
    const gateway = await onEmulator();
    const { headers, body } = await gateway.http('/graphql', html);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toContain('Emulator');
    const { token, choice, operations } = pageData(body);
    expect(choice).toBe('auto');
    expect(decodeJwt(token)).toMatchObject({ name: samplePeople[0]?.name, oid: samplePeople[0]?.oid });
    for (const { query, variables } of operations) {
      expect((await gateway.query(query, { token, variables })).body.errors).toBeUndefined();
    }
  });

  it('says with which tenant it talks otherwise, holds no token, and is GraphiQL', async () => {
    const { http, emulator } = await startGateway();
    const { body } = await http('/graphql', html);
    expect(body).toContain(`Tenant ${emulator.entra.tenantId} at ${new URL(emulator.entra.origin).host}`);
    expect(body).not.toMatch(/eyJ/);
    expect(pageData(body)).toMatchObject({ choice: 'graphiql' });
  });

  it('has a way to everything, sign-in at the origin that is set', async () => {
    const { http, url } = await startGateway({ env: { EXPLORER_ORIGIN: 'https://dev.example.com' } });
    const links = [...String((await http('/graphql', html)).body).matchAll(/<a [^>]*href="([^"]*)"/g)].map(
      ([, to]) => to,
    );
    expect(links).toEqual(
      expect.arrayContaining(['/schema.graphql', '/readme', 'https://dev.example.com/sign-in', '?explorer=sandbox']),
    );
    const usual = await startGateway();
    expect((await usual.http('/graphql', html)).body).toContain(
      `${usual.url.replace('127.0.0.1', 'localhost')}/sign-in`,
    );
    expect(url).toMatch(/127/);
  });

  it('never believes Host', async () => {
    const { http } = await startGateway();
    const { body } = await http('/graphql', { headers: { accept: CHROME, host: 'evil.example' } });
    expect(body).not.toContain('evil.example');
  });

  it('asks first for a read that needs no id, then for the update of the README', async () => {
    const { http } = await startGateway();
    const [read, update] = pageData((await http('/graphql', html)).body).operations;
    expect(read).toMatchObject({ query: expect.stringMatching(/^query /), variables: {} });
    expect(read.query).not.toContain('$');
    expect(readProjectFile('README.md')).toContain(update.query.trim());
  });

  it('with GraphiQL may load from here and nowhere else', async () => {
    const { http } = await startGateway();
    const { headers, body } = await http('/graphql?explorer=graphiql', html);
    expect(policyOf(headers)).toEqual({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'worker-src': ["'self'"],
      'style-src': ["'self'", "'unsafe-inline'"],
      'font-src': ["'self'", 'data:'],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    });
    // No script in it: what is there is data.
    for (const tag of String(body).match(/<script\b[^>]*>/g) ?? [])
      expect(tag).toMatch(/ src="\/explorer\/|application\/json/);
    expect(String(body)).not.toMatch(/\son\w+=|style=/);
  });

  it('with Sandbox may load from two addresses of Apollo beside', async () => {
    const { http } = await startGateway();
    const graphiql = policyOf((await http('/graphql?explorer=graphiql', html)).headers);
    expect(policyOf((await http('/graphql?explorer=sandbox', html)).headers)).toEqual({
      ...graphiql,
      'script-src': ["'self'", 'https://embeddable-sandbox.cdn.apollographql.com'],
      'frame-src': ['https://sandbox.embed.apollographql.com'],
    });
  });

  it('has the README beside it, as text', async () => {
    const { http } = await startGateway();
    const { status, headers, body } = await http('/readme');
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(body).toBe(readProjectFile('README.md'));
  });
});

describe('the files of the page', () => {
  async function files() {
    const gateway = await startGateway();
    const { body } = await gateway.http('/graphql', html);
    const own = [...String(body).matchAll(/(?:src|href)="(\/explorer\/[^"]+)"/g)].map(([, path = '']) => path);
    const { graphiql } = pageData(body);
    const names = ['graphiql.js', 'graphiql.css', 'editorWorkerService.js', 'json.js', 'graphql.js'];
    return { ...gateway, own, graphiql: names.map((name) => `${graphiql}/${name}`) };
  }

  it('are there, may be kept for ever, and come compressed', async () => {
    const { http, own, graphiql } = await files();
    expect(own.length).toBeGreaterThan(2);
    const [plain, packed] = [graphiql[0] ?? '', 'br'];
    for (const path of [...own, ...graphiql]) {
      const { status, headers } = await http(path, { headers: { 'accept-encoding': 'gzip, deflate' } });
      expect([path, status]).toEqual([path, 200]);
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-encoding': 'gzip',
        'content-type': expect.stringMatching(/^(text\/(javascript|css); charset=utf-8|image\/svg\+xml)$/),
        vary: expect.stringMatching(/accept-encoding/i),
        'x-content-type-options': 'nosniff',
      });
    }
    const small = Number((await http(plain, { headers: { 'accept-encoding': packed } })).headers['content-length']);
    const large = Number((await http(plain)).headers['content-length']);
    expect(small).toBeLessThan(large / 3);
  });

  it('are not sent again to who has them', async () => {
    const { http, graphiql } = await files();
    const path = graphiql[1] ?? '';
    const { headers } = await http(path);
    expect(headers.etag).toMatch(/^"[\w-]+"$/);
    const again = await http(path, { headers: { 'if-none-match': String(headers.etag) } });
    expect([again.status, again.body]).toEqual([304, '']);
    const packed = await http(path, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers.etag).not.toBe(headers.etag);
  });

  it.each(['nothing.js', '..%2f..%2fmain.ts', '__proto__', 'explorer.css%00', 'page-shell.ts'])(
    'are all that is there: %s is not',
    async (name) => {
      const { http, own, graphiql } = await files();
      for (const path of [own[0] ?? '', graphiql[0] ?? '']) {
        expect((await http(path.replace(/[^/]+$/, name))).status).toBe(404);
      }
      expect((await http(`/explorer/constructor/${name}`)).status).toBe(404);
    },
  );
});
