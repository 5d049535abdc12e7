import { expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const read = '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }';
const update = `mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "New" }) {
  remoteHelpSessionResponse { deviceName } } }`;

async function control(origin: string, method: string, path: string, body?: unknown): Promise<Response> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fetch(`${origin}/_emulator/${path}`, init);
  expect(answer.ok).toBe(true);
  return answer;
}

const firstCode = ({ body }: Awaited<ReturnType<TestGateway['query']>>) => body.errors?.[0]?.extensions?.code;

it.each([
  ['entra', 'mfa', 401, 'INTERACTION_REQUIRED', { reason: 'mfa_required' }],
  ['entra', 'consent', 401, 'INTERACTION_REQUIRED', { reason: 'consent_required' }],
  ['entra', 'conditional-access', 401, 'INTERACTION_REQUIRED', { reason: 'conditional_access' }],
  ['entra', 'expired-secret', 200, 'INTERNAL_SERVER_ERROR', {}],
  ['entra', 'throttled', 200, 'THROTTLED', { retryAfterSeconds: expect.any(Number) }],
  ['entra', 'down', 200, 'UPSTREAM_UNAVAILABLE', {}],
  ['graph', 'throttled', 200, 'THROTTLED', { retryAfterSeconds: 20 }],
  ['graph', 'down', 200, 'UPSTREAM_UNAVAILABLE', {}],
  ['graph', 'timeout', 200, 'UPSTREAM_TIMEOUT', {}],
  ['graph', 'forbidden', 200, 'FORBIDDEN', {}],
  ['graph', 'conflict', 200, 'CONFLICT', {}],
  ['graph', 'step-up', 401, 'INTERACTION_REQUIRED', { claims: expect.stringContaining('"acrs"') }],
] as const)('the %s preset %s is %i %s to a client', async (server, preset, status, code, extensions) => {
  const env: Record<string, string> = preset === 'timeout' ? { REQUEST_TIMEOUT_MS: '1000' } : {};
  const { query, emulator } = await startGateway({ env });
  await control(emulator[server].origin, 'POST', 'faults', [{ preset }]);
  const answer = await query(update);
  expect([answer.status, firstCode(answer)]).toEqual([status, code]);
  expect(answer.body.errors[0].extensions).toMatchObject(extensions);
});

it('the preset lost-answer leaves an update applied and its outcome unknown, or settled when the answer is lost once', async () => {
  const { query, emulator } = await startGateway();
  await control(emulator.graph.origin, 'POST', 'faults', [{ preset: 'lost-answer' }]);
  const lost = await query(update);
  expect(lost.body.errors[0].extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'UNKNOWN' });
  const sessions = await (await control(emulator.graph.origin, 'GET', 'sessions')).json();
  expect(sessions).toMatchObject({ 'session-1': { deviceName: 'New' } });
  await control(emulator.graph.origin, 'POST', 'reset');
  await control(emulator.graph.origin, 'POST', 'faults', [{ preset: 'lost-answer', match: { method: 'PATCH' } }]);
  expect((await query(update)).body.errors).toBeUndefined();
});

it.each(['mfa', 'step-up'])(
  'a step-up of the preset %s is seen through by signing in with its claims',
  async (preset) => {
    const { query, emulator } = await startGateway();
    const { entra, graph } = emulator;
    await control(preset === 'mfa' ? entra.origin : graph.origin, 'POST', 'faults', [{ preset }]);
    const refused = await query(update);
    expect(refused.status).toBe(401);
    const { claims } = refused.body.errors[0].extensions;
    const endpoint = (name: string) => `${entra.origin}/${entra.tenantId}/oauth2/v2.0/${name}`;
    const redirect_uri = 'http://localhost/sign-in/callback';
    const scope = `openid ${entra.clientId}/access_as_user`;
    const asked = { client_id: entra.clientId, response_type: 'code', redirect_uri, scope, claims };
    const page = await (await fetch(`${endpoint('authorize')}?${new URLSearchParams(asked)}`)).text();
    const link = /href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const chosen = await fetch(new URL(link, endpoint('authorize')), { redirect: 'manual' });
    const code = new URL(chosen.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const proof = { client_id: entra.clientId, client_secret: entra.clientSecret };
    const body = new URLSearchParams({ ...proof, grant_type: 'authorization_code', code, redirect_uri });
    const tokens = (await (await fetch(endpoint('token'), { method: 'POST', body })).json()) as {
      access_token: string;
    };
    const again = await query(update, { token: tokens.access_token });
    expect([again.status, again.body.errors]).toEqual([200, undefined]);
    // The preset still holds for who has not stepped up.
    expect((await query(read, { token: entra.mintToken({ name: 'Somebody else' }) })).status).toBe(401);
  },
);

it('a gateway outside production speaks http to the host that the emulator is said to be', async () => {
  const { startEmulator } = await import('../../src/emulator/emulator.ts');
  const emulator = await startEmulator({ host: '0.0.0.0', publicHost: '127.0.0.2' });
  try {
    const { query } = await startGateway({ emulator });
    expect((await query(update)).body.errors).toBeUndefined();
    expect(emulator.graph.requests.at(-1)?.headers.host).toMatch(/^127\.0\.0\.2:/);
  } finally {
    await emulator.close();
  }
});
