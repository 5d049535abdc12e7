import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { AADSTS } from '../../../src/entra/exchange/aadsts.ts';
import {
  exchangeFailure,
  explainTokenAnswer,
  isStaleClientAssertion,
} from '../../../src/entra/exchange/exchange-failure.ts';
import { anyText } from '../../support/any-text.ts';

const { entra } = loadConfig({ AZURE_TENANT_ID: 'contoso.example', AZURE_CLIENT_ID: 'app', AZURE_CLIENT_SECRET: 'x' });
const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

interface TokenError {
  readonly status?: number;
  readonly error?: unknown;
  readonly suberror?: unknown;
  readonly numbers?: unknown;
  readonly claims?: unknown;
  readonly retryAfterMs?: number;
}

function failureOf({ status = 400, error = 'invalid_grant', suberror, numbers, claims, retryAfterMs }: TokenError) {
  const text = JSON.stringify({
    error,
    error_description: 'AADSTS: canary of the description',
    error_codes: numbers,
    suberror,
    claims,
  });
  return exchangeFailure({ status, retryAfterMs, text }, entra);
}

describe('an AADSTS number', () => {
  test.each([
    [[65001, 65004, 90094, 90095], 'consent_required'],
    [[50072, 50074, 50076, 50078, 50079, 50158], 'mfa_required'],
    [[53000, 53001, 53002, 53003, 53004, 530032], 'conditional_access'],
    [[50173, 50055, 70008, 70043, 700082, 700084], 'login_required'],
  ])('of %j wants the user: %s', (numbers, reason) => {
    for (const number of numbers) {
      const failure = failureOf({ numbers: [number] });
      expect(failure.code).toBe('INTERACTION_REQUIRED');
      expect(failure.httpStatus).toBe(401);
      expect(failure.publicExtensions).toEqual({ code: 'INTERACTION_REQUIRED', reason });
      expect(failure.httpHeaders.get('www-authenticate')).toMatch(/^Bearer .*error="interaction_required"/);
    }
  });

  test.each([
    ['UNAUTHENTICATED', [50013, 50027, 240002, 500131, 500133]],
    ['FORBIDDEN', [16000, 50020, 50034, 50053, 50057, 50105, 51004, 500212, 500213, 7000114]],
    ['THROTTLED', [50196, 90055]],
    ['UPSTREAM_UNAVAILABLE', [50033, 50087, 90006, 90012, 90024, 90033, 90090]],
  ] as const)('means %s: %j', (code, numbers) => {
    for (const number of numbers) expect([number, failureOf({ numbers: [number] }).code]).toEqual([number, code]);
  });

  test.each([
    ['AZURE_CLIENT_SECRET', [7000215, 7000218, 7000222]],
    ['AZURE_CLIENT_CERTIFICATE_PATH', [700027, 50012]],
    ['AZURE_FEDERATED_TOKEN_FILE', [700024, 700211, 700213, 700229]],
    ['AZURE_CLIENT_ID and AZURE_TENANT_ID', [700016, 700011, 70001, 7000112]],
    ['AZURE_TENANT_ID and AZURE_AUTHORITY_HOST', [90002, 90038, 900382, 900432, 9001023]],
    ['GRAPH_BASE_URL', [500011, 50001, 70011]],
    ['permissions', [650056, 650057, 65005, 70002, 28002, 700022]],
  ])('is the operator’s matter, who is told to look at %s: %j', (named, numbers) => {
    for (const number of numbers) {
      for (const error of ['invalid_client', 'invalid_grant', 'something_new']) {
        const failure = failureOf({ status: 401, error, numbers: [number] });
        expect(failure.code).toBe('INTERNAL_SERVER_ERROR');
        expect(failure.message).toBe('The gateway failed. The operator has been told.');
        expect(failure.publicExtensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
        expect(failure.details.hint).toContain(`AADSTS${number}`);
        expect(failure.details.hint).toContain(named);
      }
    }
  });

  it('counts wherever it stands among others', () => {
    expect(failureOf({ numbers: [999999, 50105] }).code).toBe('FORBIDDEN');
  });

  it('50027 with invalid_client is about the gateway’s own JWT: the operator’s matter', () => {
    const failure = failureOf({ status: 401, error: 'invalid_client', numbers: [50027] });
    expect(failure.publicExtensions).toEqual({ code: 'INTERNAL_SERVER_ERROR' });
    expect(failure.details.hint).toMatch(/AADSTS50027 \(invalid_client\).*AZURE_CLIENT_SECRET/);
    expect(failureOf({ error: 'invalid_grant', numbers: [50027] }).code).toBe('UNAUTHENTICATED');
  });

  it('700024 is a stale client assertion, worth one more try', () => {
    const text = (number: number) => JSON.stringify({ error_codes: [number] });
    expect(isStaleClientAssertion({ status: 401, retryAfterMs: undefined, text: text(700024) })).toBe(true);
    expect(isStaleClientAssertion({ status: 401, retryAfterMs: undefined, text: text(700027) })).toBe(false);
    expect(isStaleClientAssertion({ status: 502, retryAfterMs: undefined, text: '700024' })).toBe(false);
  });
});

describe('without a number that is known', () => {
  test.each([
    ['interaction_required', undefined, 'interaction_required'],
    ['consent_required', undefined, 'consent_required'],
    ['login_required', undefined, 'login_required'],
    ['invalid_grant', 'basic_action', 'interaction_required'],
    ['invalid_grant', 'consent_required', 'consent_required'],
    ['invalid_grant', 'user_password_expired', 'user_password_expired'],
  ])('error %s with suberror %s wants the user', (error, suberror, reason) => {
    for (const numbers of [undefined, [], [424242]]) {
      const failure = failureOf({ error, suberror, numbers });
      expect(failure.publicExtensions).toEqual({ code: 'INTERACTION_REQUIRED', reason });
    }
  });

  test.each([
    ['invalid_grant', 400, 'UNAUTHENTICATED'],
    ['access_denied', 400, 'FORBIDDEN'],
    ['invalid_client', 401, 'INTERNAL_SERVER_ERROR'],
    ['unauthorized_client', 400, 'INTERNAL_SERVER_ERROR'],
    ['invalid_request', 400, 'INTERNAL_SERVER_ERROR'],
    ['invalid_scope', 400, 'INTERNAL_SERVER_ERROR'],
    ['invalid_resource', 400, 'INTERNAL_SERVER_ERROR'],
    ['unsupported_grant_type', 400, 'INTERNAL_SERVER_ERROR'],
    ['temporarily_unavailable', 503, 'UPSTREAM_UNAVAILABLE'],
    ['server_error', 500, 'UPSTREAM_UNAVAILABLE'],
    ['something_new', 400, 'UPSTREAM_UNAVAILABLE'],
    ['something_new', 429, 'THROTTLED'],
  ])('error %s with status %i is %s', (error, status, code) => {
    expect(failureOf({ error, status }).code).toBe(code);
  });

  it('a throttle names the wait that Entra named, else the gateway’s own', () => {
    expect(failureOf({ status: 429, error: '', retryAfterMs: 7000 }).retryAfterSeconds).toBe(7);
    expect(failureOf({ status: 429, error: '' }).retryAfterSeconds).toBe(1);
  });

  test.each(['', '<html>down</html>', 'null', '[]', '[65001]', '"text"', '{"error_codes":"50105","error":["x"]}'])(
    'an answer that is no error of Entra’s is an outage: %j',
    (text) => {
      for (const status of [400, 404, 500, 502, 503, 504]) {
        expect(exchangeFailure({ status, retryAfterMs: undefined, text }, entra).code).toBe('UPSTREAM_UNAVAILABLE');
      }
    },
  );
});

describe('claims', () => {
  test.each([
    ['an MFA demand', { numbers: [50076], suberror: 'basic_action' }, 'mfa_required'],
    ['one without suberror, which MSAL would drop', { numbers: [50076] }, 'mfa_required'],
    ['a policy', { numbers: [53003] }, 'conditional_access'],
    ['an assertion that could be replaced', { numbers: [50013] }, 'interaction_required'],
    ['an unknown error', { error: 'something_new', numbers: [424242] }, 'interaction_required'],
  ])('of %s reach the client: as JSON, and in the challenge as base64', (_name, error, reason) => {
    const failure = failureOf({ ...error, claims: CLAIMS });
    expect(failure.publicExtensions).toEqual({ code: 'INTERACTION_REQUIRED', reason, claims: CLAIMS });
    const challenge = failure.httpHeaders.get('www-authenticate') ?? '';
    expect(challenge).toContain('error="insufficient_claims"');
    expect(challenge).toContain(
      'authorization_uri="https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize"',
    );
    expect(challenge).toContain('client_id="app"');
    expect(Buffer.from(/claims="([^"]+)"/.exec(challenge)?.[1] ?? '', 'base64').toString()).toBe(CLAIMS);
  });

  it.each([
    undefined,
    '',
    '{}',
    'not JSON',
    'null',
    '[]',
    '["x"]',
    '[{"access_token":{}}]',
    '"text"',
    7,
    { access_token: {} },
  ])('that are %j are none', (claims) => {
    const failure = failureOf({ numbers: [50076], claims });
    expect(failure.publicExtensions).toEqual({ code: 'INTERACTION_REQUIRED', reason: 'mfa_required' });
    expect(failure.httpHeaders.get('www-authenticate')).not.toContain('claims=');
  });

  it('do not turn the operator’s matter into the user’s', () => {
    expect(failureOf({ numbers: [7000222], claims: CLAIMS }).code).toBe('INTERNAL_SERVER_ERROR');
  });
});

it('Entra’s text reaches neither the client nor the hint, whatever is in it', () => {
  const word = fc.constantFrom('invalid_grant', 'invalid_client', 'interaction_required', 'x');
  fc.assert(
    fc.property(word, anyText(), fc.integer(), fc.integer({ min: 400, max: 599 }), (error, around, number, status) => {
      const canary = `${around} canary`;
      for (const given of [error, canary]) {
        const failure = failureOf({ status, error: given, suberror: canary, numbers: [number, canary] });
        const shown = JSON.stringify([
          failure.message,
          failure.publicExtensions,
          failure.details.hint,
          [...failure.httpHeaders],
        ]);
        expect(shown).not.toContain('canary');
      }
    }),
  );
});

describe('explained to an operator', () => {
  const explained = (status: number, body: Record<string, unknown>) =>
    explainTokenAnswer({ status, retryAfterMs: undefined, text: JSON.stringify(body) }, entra);

  it('says what it is, which setting to look at, what to do, and whether it is so for everybody', () => {
    expect(explained(401, { error: 'invalid_client', error_codes: [7000222] })).toEqual({
      number: 7000222,
      error: 'invalid_client',
      meaning: 'operator',
      says: 'the client secret has expired',
      setting: 'AZURE_CLIENT_SECRET',
      fix: expect.stringContaining('Certificates & secrets'),
      forEverybody: true,
    });
    expect(
      explained(400, { error: 'invalid_grant', error_codes: [65001], suberror: 'consent_required' }),
    ).toMatchObject({
      meaning: 'consent',
      fix: expect.stringContaining('grant admin consent'),
      forEverybody: false,
    });
  });

  it('says what it can of what is not in the table', () => {
    expect(explained(400, { error: 'invalid_request', error_codes: [424242] })).toMatchObject({
      number: 424242,
      meaning: 'operator',
      setting: "the app registration's permissions and credentials",
      forEverybody: false,
    });
    expect(explained(401, { error: 'invalid_client' })).toMatchObject({
      setting: 'AZURE_CLIENT_SECRET',
      forEverybody: true,
    });
    expect(explained(502, {})).toMatchObject({ number: undefined, meaning: 'unavailable', forEverybody: false });
  });

  it('has one row for each number, each with words', () => {
    for (const [number, { says }] of AADSTS) expect([number, says]).toEqual([number, expect.stringMatching(/\w{3}/)]);
    const source = readFileSync(new URL('../../../src/entra/exchange/aadsts.ts', import.meta.url), 'utf8');
    expect(source.match(/^ {2}row\(/gm)).toHaveLength(AADSTS.size);
  });
});
