import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import type { MintOptions } from '../../../src/emulator/entra/caller-token.ts';
import { createDiscovery } from '../../../src/entra/callers/discovery.ts';
import { createCallerVerifier } from '../../../src/entra/callers/verify-caller.ts';
import { GatewayError } from '../../../src/errors.ts';
import { createTransport } from '../../../src/http/transport.ts';

/** What the operator is told about a token that is refused. */
async function scene(env: Record<string, string> = {}) {
  const emulator = await startEmulator();
  const config = loadConfig({ ...emulator.env, ...env });
  const transport = createTransport({ requestTimeoutMs: 5_000, maxConnectionsPerOrigin: 4 });
  onTestFinished(async () => {
    await transport.close();
    await emulator.close();
  });
  const discovery = createDiscovery({ ...config.entra, transport, requestTimeoutMs: 5_000 });
  const verify = createCallerVerifier({ entra: config.entra, discovery });
  const verified = async (authorization: string | undefined) => verify(authorization);
  const hintFor = async (authorization: string | undefined) => {
    const refusal: unknown = await verified(authorization).catch((error: unknown) => error);
    if (!(refusal instanceof GatewayError)) throw new Error('let in');
    const shown = `${refusal.details.hint} ${refusal.message} ${[...refusal.httpHeaders]}`;
    for (const part of (authorization ?? '').split(/[ .]/)) if (part.length > 20) expect(shown).not.toContain(part);
    return refusal.details.hint;
  };
  return { emulator, verify, verified, hintFor };
}

const now = Math.floor(Date.now() / 1000);
const cases: [name: string, mint: MintOptions, hint: RegExp][] = [
  [
    'aud',
    { aud: 'api://another-api' },
    /^aud is "api:\/\/another-api", expected \S+ or api:\/\/\S+; look at API_AUDIENCE/,
  ],
  ['aud', { aud: 'eyJhbGciOiJSUzI1NiJ9.eyJvaWQi.c2ln' }, /^aud is another, expected/],
  ['aud', { aud: 'two words' }, /^aud is another, expected/],
  ['aud of Graph', { aud: 'https://graph.microsoft.com' }, /^aud is Microsoft Graph/],
  [
    'iss',
    { iss: 'https://login.example/t/v2.0' },
    /^iss is "https:\/\/login.example\/t\/v2.0", expected http:\S+; look at AZURE_TENANT_ID/,
  ],
  ['tid', { claims: { tid: 'other' } }, /^tid is not [\w-]+; look at AZURE_TENANT_ID/],
  ['exp', { exp: now - 3_600 }, /^exp was \d{4}-\S+Z, now is \d{4}-\S+Z$/],
  ['nbf', { nbf: now + 3_600 }, /^nbf is \d{4}-\S+Z, now is \d{4}-\S+Z$/],
  ['exp that is none', { omit: ['exp'] }, /^exp is missing or malformed/],
  ['scp', { scp: 'User.Read' }, /^scp lacks access_as_user; look at API_SCOPE/],
  ['scp of an app', { omit: ['scp'], claims: { roles: ['x'] } }, /^no scp, or idtyp is app/],
  ['scp that is none', { omit: ['scp'] }, /^scp is missing/],
  ['oid', { omit: ['oid'] }, /^oid is missing/],
  ['kid', { header: { kid: 'unknown' } }, /^kid is not among Entra's keys/],
  ['alg', { header: { alg: 'RS512' } }, /RS256/],
];

it.each(cases)(
  'a token with a wrong %s names it, and what was expected, but nothing of the token',
  async (_name, mint, hint) => {
    const { emulator, hintFor } = await scene();
    expect(await hintFor(`Bearer ${emulator.entra.mintToken(mint)}`)).toMatch(hint);
  },
);

it.each([
  ['no header', undefined, /^no bearer token was sent/],
  ['another scheme', 'Basic YTpiYWRzZWNyZXRvZnNvbWVib2R5', /^no bearer token was sent/],
  ['no token', 'Bearer eyJnYXJiYWdlLXRoYXQtaXMtbG9uZyI6MX0', /must be "Bearer" and one access token/],
  ['too long a token', `Bearer a.b.${'c'.repeat(17 * 1024)}`, /too long/],
])('%s has its own hint', async (_name, authorization, hint) => {
  const { hintFor } = await scene();
  expect(await hintFor(authorization)).toMatch(hint);
});

it('names the host and the errno when Entra cannot be asked', async () => {
  const { emulator, hintFor } = await scene();
  await emulator.entra.stop();
  expect(await hintFor(`Bearer ${emulator.entra.mintToken()}`)).toMatch(
    /^127\.0\.0\.1:\d+ could not be reached: ECONNREFUSED; look at AZURE_AUTHORITY_HOST/,
  );
});

it('answers a header that it has seen at once, with the same object, in which there is no token', async () => {
  const { emulator, verify, verified } = await scene();
  const token = emulator.entra.mintToken();
  const caller = await verified(`Bearer ${token}`);
  expect(verify(`Bearer ${token}`)).toBe(caller);
  const text = JSON.stringify(caller);
  for (const part of token.split('.')) expect(text).not.toContain(part);
});
