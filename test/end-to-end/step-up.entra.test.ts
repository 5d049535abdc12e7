import { expect, it } from 'vitest';
import { entraError, forRequests } from '../../src/emulator/faults.ts';
import { startGateway } from '../support/gateway.ts';

const read = '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }';
const update = `mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "x" }) {
  remoteHelpSessionResponse { deviceName } } }`;
const claims = '{"access_token":{"capolids":{"essential":true,"values":["c1"]},"name":{"value":"Zürich ✓"}}}';

/** The parameters of a `WWW-Authenticate: Bearer` value. */
function parametersOf(header: unknown): Record<string, string> {
  expect(header).toMatch(/^Bearer /);
  return Object.fromEntries([...String(header).matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}

it.each([
  ['a query', read],
  ['an update', update],
])('hands Entra’s claims challenge to the client of %s', async (_name, document) => {
  const { query, emulator } = await startGateway({ env: { NODE_ENV: 'production' } });
  const oid = crypto.randomUUID();
  emulator.entra.requireClaimsFor(oid, claims);
  const { status, headers, body } = await query(document, { token: emulator.entra.mintToken({ oid }) });
  expect(status).toBe(401);
  expect(body.errors).toMatchObject([{ extensions: { code: 'INTERACTION_REQUIRED', reason: 'mfa_required', claims } }]);
  const challenge = parametersOf(headers['www-authenticate']);
  expect(challenge).toMatchObject({
    error: 'insufficient_claims',
    client_id: emulator.entra.clientId,
    authorization_uri: `${emulator.entra.origin}/${emulator.entra.tenantId}/oauth2/v2.0/authorize`,
  });
  expect(Buffer.from(challenge.claims ?? '', 'base64').toString()).toBe(claims);
  expect(emulator.graph.requests).toEqual([]);
});

it('lets a browser of another origin read the challenge', async () => {
  const { query, emulator } = await startGateway({ env: { CORS_ORIGINS: 'https://app.example.com' } });
  const oid = crypto.randomUUID();
  emulator.entra.requireClaimsFor(oid, claims);
  const token = emulator.entra.mintToken({ oid });
  const { headers } = await query(read, { token, headers: { origin: 'https://app.example.com' } });
  expect(headers['access-control-expose-headers']).toContain('WWW-Authenticate');
});

it('names no claims where Entra names none', async () => {
  const { query, emulator } = await startGateway();
  emulator.entra.respondWith(forRequests({ path: /\/token$/ }, entraError(65001, { suberror: 'consent_required' })));
  const { status, headers, body } = await query(read);
  expect(status).toBe(401);
  expect(body.errors[0].extensions).toEqual({ code: 'INTERACTION_REQUIRED', reason: 'consent_required' });
  const challenge = parametersOf(headers['www-authenticate']);
  expect(challenge.error).toBe('interaction_required');
  expect(challenge).not.toHaveProperty('claims');
});

it('goes on once the client comes back with a token that meets the challenge', async () => {
  const { query, emulator } = await startGateway();
  const oid = crypto.randomUUID();
  emulator.entra.requireClaimsFor(oid, claims);
  expect((await query(read, { token: emulator.entra.mintToken({ oid }) })).status).toBe(401);
  emulator.entra.clear();
  // Another token, so the refusal that is remembered for the first does not count.
  expect(await query(read, { token: emulator.entra.mintToken({ oid }) })).toMatchObject({
    status: 200,
    body: { data: { remoteHelpSessionResponse: {} } },
  });
});

it('leaves other users alone', async () => {
  const { query, emulator } = await startGateway();
  const oid = crypto.randomUUID();
  emulator.entra.requireClaimsFor(oid, claims);
  const [first, second] = await Promise.all([query(read, { token: emulator.entra.mintToken({ oid }) }), query(read)]);
  expect([first.status, second.status]).toEqual([401, 200]);
});
