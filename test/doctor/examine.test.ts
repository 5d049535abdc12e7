import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { checkGraphScope } from '../../src/doctor/caller-checks.ts';
import { CHECKS, type CheckId, type Finding } from '../../src/doctor/check.ts';
import { examine } from '../../src/doctor/examine.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { entraError, type Fault, forRequests, graphError, hang, unavailable } from '../../src/emulator/faults.ts';
import { createSelfSignedCertificate } from '../emulator/self-signed-certificate.ts';

interface Visit {
  readonly env?: Record<string, string>;
  /** Undefined gives none; by default one of the sample person. */
  readonly token?: string | undefined;
  readonly entra?: Fault;
  readonly graph?: Fault;
  readonly clock?: () => number;
  readonly withinMs?: number;
  readonly prepare?: (emulator: Emulator) => void;
}

/** Examines the emulator, changed as told. */
async function visit(options: Visit = {}) {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const token = 'token' in options ? options.token : await emulator.entra.mintToken();
  options.prepare?.(emulator);
  if (options.entra !== undefined) emulator.entra.respondWith({ times: Number.POSITIVE_INFINITY, ...options.entra });
  if (options.graph !== undefined) emulator.graph.respondWith({ times: Number.POSITIVE_INFINITY, ...options.graph });
  const told: CheckId[] = [];
  const findings = await examine({
    env: { ...emulator.env, ...options.env },
    readToken: token === undefined ? undefined : async () => token,
    withinMs: options.withinMs ?? 20_000,
    onFinding: (id) => told.push(id),
    ...(options.clock !== undefined && { clock: options.clock }),
  });
  expect(told).toEqual([...findings.keys()]);
  const text = JSON.stringify([...findings]);
  expect(text).not.toContain(emulator.entra.clientSecret);
  if (token !== undefined && token.length > 20) expect(text).not.toContain(token);
  const sent = emulator.graph.requests.map(({ method }) => method);
  expect(
    sent.filter((method) => method !== 'GET' && method !== 'POST'),
    'it changes nothing',
  ).toEqual([]);
  return { emulator, findings, of: (id: CheckId) => findings.get(id) as Finding };
}

const statuses = (findings: Map<CheckId, Finding>) =>
  Object.fromEntries([...findings].map(([id, { status }]) => [id, status]));

function file(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const tokenEndpoint = (fault: Fault) => forRequests({ method: 'POST' }, fault);
const obo = tokenEndpoint;

test('on a healthy configuration every check is ok, in the documented order, and Redis is not listed', async () => {
  const { findings, emulator } = await visit();
  expect([...findings.keys()]).toEqual(CHECKS.filter((id) => id !== 'redis'));
  expect(new Set(Object.values(statuses(findings)))).toEqual(new Set(['ok']));
  expect(emulator.graph.requests.map(({ url }) => url)).toEqual([
    '/beta/RemoteHelpSessionRetrieveResponse?$top=1&$select=deviceName',
    '/beta/$batch',
  ]);
});

test("without a caller's token what needs one is skipped, and that is no failure", async () => {
  const { findings } = await visit({ token: undefined });
  expect(statuses(findings)).toMatchObject({
    credential: 'ok',
    'caller-token': 'skipped',
    exchange: 'skipped',
    'graph-scope': 'skipped',
    'graph-path': 'skipped',
    'graph-batch': 'skipped',
  });
});

describe('each mistake is found by its own check, which says what to do', () => {
  const rows: readonly [
    name: string,
    visit: Visit,
    id: CheckId,
    status: Finding['status'],
    says: RegExp,
    fix: RegExp,
  ][] = [
    [
      'a wrong secret',
      { env: { AZURE_CLIENT_SECRET: 'canary-wrong' } },
      'credential',
      'failed',
      /AADSTS7000215/,
      /AZURE_CLIENT_SECRET/,
    ],
    [
      'an expired secret',
      { entra: tokenEndpoint(entraError(7000222, { error: 'invalid_client', status: 401 })) },
      'credential',
      'failed',
      /AADSTS7000222.*expired/,
      /AZURE_CLIENT_SECRET.*Certificates & secrets/s,
    ],
    [
      'a wrong client id',
      { env: { AZURE_CLIENT_ID: '00000000-0000-4000-8000-00000000dead' } },
      'credential',
      'failed',
      /AADSTS700016/,
      /AZURE_CLIENT_ID/,
    ],
    [
      'a wrong tenant',
      { env: { AZURE_TENANT_ID: 'no-such-tenant.example' } },
      'discovery',
      'failed',
      /no such tenant/,
      /AZURE_TENANT_ID/,
    ],
    [
      'an authority that nobody answers for',
      { env: { AZURE_AUTHORITY_HOST: 'http://127.0.0.1:9' } },
      'discovery',
      'failed',
      /ECONNREFUSED/,
      /AZURE_AUTHORITY_HOST/,
    ],
    [
      'a name that does not resolve',
      { env: { AZURE_AUTHORITY_HOST: 'https://login.invalid' } },
      'discovery',
      'failed',
      /ENOTFOUND|EAI_AGAIN/,
      /AZURE_AUTHORITY_HOST/,
    ],
    [
      'a page of a proxy',
      { entra: { status: 200, body: '<html>Sign in to the proxy</html>' } },
      'discovery',
      'failed',
      /something else than JSON/,
      /HTTPS_PROXY/,
    ],
    [
      'keys that cannot be had',
      { entra: forRequests({ path: /\/keys$/ }, unavailable(503)) },
      'keys',
      'failed',
      /not well/,
      /AZURE_AUTHORITY_HOST/,
    ],
    [
      'two clouds',
      {
        env: {
          GRAPH_BASE_URL: 'https://graph.microsoft.us/beta',
          AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com',
        },
        withinMs: 400,
      },
      'cloud',
      'failed',
      /do not belong together/,
      /one cloud/,
    ],
    [
      'one known cloud',
      { env: { GRAPH_BASE_URL: 'https://graph.microsoft.com/beta' }, token: undefined },
      'cloud',
      'warning',
      /do not belong together/,
      /one cloud/,
    ],
    [
      'missing settings',
      { env: { AZURE_CLIENT_ID: '' } },
      'settings',
      'failed',
      /AZURE_CLIENT_ID: missing/,
      /docs.operating/,
    ],
    [
      'a certificate that is not there',
      { env: { AZURE_CLIENT_SECRET: '', AZURE_CLIENT_CERTIFICATE_PATH: '/no/such.pem' } },
      'settings',
      'failed',
      /AZURE_CLIENT_CERTIFICATE_PATH/,
      /Mend/,
    ],
    [
      'a clock that is off',
      { clock: () => Date.now() + 200_000 },
      'clock',
      'warning',
      /200 s ahead|199 s ahead|201 s ahead/,
      /NTP/,
    ],
    [
      'trusted documents that are none',
      { env: { TRUSTED_DOCUMENTS: 'package.json' } },
      'settings',
      'failed',
      /TRUSTED_DOCUMENTS.*package\.json/,
      /Mend/,
    ],
    [
      'a misspelt name',
      { env: { AZURE_TENANTID: 'canary' } },
      'settings',
      'warning',
      /AZURE_TENANTID.*AZURE_TENANT_ID/,
      /name/,
    ],
    ['a clock that is far off', { clock: () => Date.now() - 400_000 }, 'clock', 'failed', /behind/, /NTP/],
    ['a token that is none', { token: 'canary' }, 'caller-token', 'failed', /JWT|Bearer/, /access_as_user/],
    [
      'missing consent',
      {
        entra: obo({
          ...entraError(65001, { suberror: 'consent_required' }),
          match: { oid: '0b5e7e57-9abc-4def-8012-3456789abcde' },
        }),
      },
      'exchange',
      'failed',
      /AADSTS65001/,
      /admin consent/,
    ],
    [
      'multi-factor authentication',
      {
        entra: obo({
          ...entraError(50076, { suberror: 'basic_action', claims: '{"access_token":{}}' }),
          match: { oid: '0b5e7e57-9abc-4def-8012-3456789abcde' },
        }),
      },
      'exchange',
      'failed',
      /AADSTS50076.*multi-factor/,
      /signs in again/,
    ],
    [
      'a path that Graph does not know',
      { env: { GRAPH_SESSIONS_PATH: 'NoSuchCollection' } },
      'graph-path',
      'failed',
      /status 4\d\d/,
      /GRAPH_SESSIONS_PATH/,
    ],
    [
      'a person without a role',
      { graph: forRequests({ method: 'GET' }, graphError(403, 'Forbidden')) },
      'graph-path',
      'failed',
      /status 403, Forbidden/,
      /Intune licence/,
    ],
    ['a Graph that is down', { graph: unavailable(503) }, 'graph-path', 'failed', /status 503/, /GRAPH_BASE_URL/],
    [
      'a Graph without batches',
      { graph: forRequests({ method: 'POST' }, graphError(400, 'BadRequest')) },
      'graph-batch',
      'warning',
      /status 400/,
      /one by one/,
    ],
    [
      'a Graph that forbids batches',
      { graph: forRequests({ method: 'POST' }, graphError(403, 'Forbidden')) },
      'graph-batch',
      'warning',
      /status 403, Forbidden\): reads go one by one/,
      /Nothing to do/,
    ],
    [
      'a batch that is not answered',
      { graph: forRequests({ method: 'POST' }, graphError(507, 'x')) },
      'graph-batch',
      'warning',
      /did not answer a batch: status 507, x$/,
      /Try again/,
    ],
    [
      'a Redis that is not there',
      { env: { REDIS_URL: 'redis://:canary@127.0.0.1:9' } },
      'redis',
      'failed',
      /ECONNREFUSED/,
      /REDIS_URL/,
    ],
  ];
  test.each(rows)('%s', async (_name, options, id, status, says, fix) => {
    const { findings, of } = await visit(options);
    expect(of(id)).toMatchObject({ status });
    expect(of(id).message).toMatch(says);
    expect(of(id).fix).toMatch(fix);
    expect(JSON.stringify([...findings])).not.toContain('canary');
    // What does not build on it is checked all the same, and every check is listed.
    for (const each of CHECKS) if (each !== 'redis') expect(findings.has(each), each).toBe(true);
  });
});

test('what builds on a check that failed is skipped, and says on which', async () => {
  const { of } = await visit({ env: { AZURE_CLIENT_SECRET: 'wrong' } });
  expect(of('caller-token').status).toBe('ok');
  expect(of('exchange')).toEqual({ status: 'skipped', message: 'needs credential' });
  expect(of('graph-path')).toEqual({ status: 'skipped', message: 'needs exchange' });
});

describe('a certificate', () => {
  const { certificate, privateKey } = createSelfSignedCertificate();
  const signedUp = (emulator: Emulator) => emulator.entra.acceptCertificate(certificate);
  const env = () => ({
    AZURE_CLIENT_SECRET: '',
    AZURE_CLIENT_CERTIFICATE_PATH: file('gateway.pem', certificate + privateKey),
  });

  test('is told with the days that it has left', async () => {
    const { of } = await visit({ env: env(), prepare: signedUp });
    expect(of('credential')).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/valid for \d{3,} more days/),
    });
  });

  test.each([
    ['2049-12-20T00:00:00Z', 'warning', /valid for \d\d? more days/],
    ['2050-02-01T00:00:00Z', 'failed', /expired \d+ days ago/],
  ] as const)('on %s is a %s', async (date, status, says) => {
    const now = Date.parse(date);
    const { of } = await visit({ env: env(), prepare: signedUp, clock: () => now });
    expect(of('credential')).toMatchObject({ status, message: expect.stringMatching(says) });
  });

  test('that the app registration does not have is refused by Entra', async () => {
    const { of } = await visit({ env: env() });
    expect(of('credential')).toMatchObject({ status: 'failed', message: expect.stringContaining('AADSTS700027') });
  });
});

describe('the token for Graph', () => {
  const tokenWith = (scp: string) =>
    ['{}', JSON.stringify({ scp }), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.');
  test.each([
    ['openid DeviceManagementServiceConfig.ReadWrite.All', 'ok'],
    ['DeviceManagementConfiguration.Read.All', 'warning'],
    ['User.Read', 'failed'],
  ])('that holds "%s": %s', (scp, status) => {
    expect(checkGraphScope(tokenWith(scp)).status).toBe(status);
  });

  test('may be one that nobody but Graph can read', () => {
    expect(checkGraphScope('opaque').status).toBe('warning');
  });
});

test.each([
  ['Entra', { entra: hang() }],
  ['the token endpoint', { entra: tokenEndpoint(hang()) }],
  ['Graph', { graph: hang() }],
] as const)('ends in time when %s hangs', async (_who, fault) => {
  const { findings } = await visit({ ...fault, env: { REQUEST_TIMEOUT_MS: '300' }, withinMs: 2_000 });
  expect(Object.values(statuses(findings))).toContain('failed');
});
