import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Scene, startScene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene();
});
afterAll(() => scene.close());
beforeEach(() => scene.reset());

describe('refuses a request', () => {
  type Case = [
    name: string,
    changes: () => Record<string, string | undefined>,
    code: number,
    error: string,
    status?: number,
  ];
  const cases: Case[] = [
    ['without grant_type', () => ({ grant_type: undefined }), 900144, 'invalid_request'],
    ['of another grant', () => ({ grant_type: 'password' }), 70003, 'unsupported_grant_type'],
    ['without requested_token_use', () => ({ requested_token_use: undefined }), 900144, 'invalid_request'],
    ['with another requested_token_use', () => ({ requested_token_use: 'x' }), 70003, 'unsupported_grant_type'],
    ['without client_id', () => ({ client_id: undefined }), 900144, 'invalid_request'],
    ['of an unknown client', () => ({ client_id: crypto.randomUUID() }), 700016, 'unauthorized_client'],
    ['without client credential', () => ({ client_secret: undefined }), 7000218, 'invalid_client', 401],
    ['with a wrong secret', () => ({ client_secret: 'wrong' }), 7000215, 'invalid_client', 401],
    ['without scope', () => ({ scope: undefined }), 900144, 'invalid_request'],
    ['with OpenID scopes alone', () => ({ scope: 'openid offline_access' }), 70011, 'invalid_scope'],
    ['with a scope that is none', () => ({ scope: 'nonsense' }), 70011, 'invalid_scope'],
    ['for another resource', () => ({ scope: 'https://graph.microsoft.com/.default' }), 500011, 'invalid_resource'],
    ['for a permission without consent', () => ({ scope: `${scene.graph.origin}/Mail.Send` }), 65001, 'invalid_grant'],
    [
      'mixing .default with a permission',
      () => ({
        scope: `${scene.graph.origin}/.default ${scene.graph.origin}/DeviceManagementConfiguration.ReadWrite.All`,
      }),
      70011,
      'invalid_scope',
    ],
    ['without assertion', () => ({ assertion: undefined }), 900144, 'invalid_request'],
    ['with claims that are no JSON', () => ({ claims: 'eyJhY2Nlc3NfdG9rZW4iOnt9fQ' }), 50148, 'invalid_request'],
    // The order of the checks: the earlier fault wins.
    [
      'with a wrong client and a wrong secret',
      () => ({ client_id: 'x', client_secret: 'x' }),
      700016,
      'unauthorized_client',
    ],
    [
      'with a wrong secret and no scope',
      () => ({ client_secret: 'x', scope: undefined }),
      7000215,
      'invalid_client',
      401,
    ],
    ['with a bad scope and a bad assertion', () => ({ scope: 'x', assertion: 'x' }), 70011, 'invalid_scope'],
  ];
  test.each(cases)('%s', async (_name, changes, code, error, status = 400) => {
    const answer = await scene.exchange(changes());
    expect([answer.status, answer.body.error, answer.body.error_codes]).toStrictEqual([status, error, [code]]);
  });

  test('of an unknown tenant, and of /common', async () => {
    expect((await scene.exchange({}, { tenant: crypto.randomUUID() })).body.error_codes).toStrictEqual([90002]);
    expect((await scene.exchange({}, { tenant: 'common' })).body.error_codes).toStrictEqual([9001023]);
  });

  test('whose form is sent as JSON', async () => {
    const answer = await scene.exchange({}, { headers: { 'Content-Type': 'application/json' } });
    expect(answer.body.error_codes).toStrictEqual([900144]);
  });

  test('when nothing was consented to', async () => {
    scene.entra.grantedScopes = [];
    expect((await scene.exchange()).body).toMatchObject({ error_codes: [65001], suberror: 'consent_required' });
  });

  test("in Entra's words, with the ids that support asks for", async () => {
    const correlationId = crypto.randomUUID();
    const { body } = await scene.exchange({ client_secret: 'x', 'client-request-id': correlationId });
    expect(body).toStrictEqual({
      error: 'invalid_client',
      error_description: expect.stringMatching(
        /^AADSTS7000215: Invalid client secret .* Trace ID: \S+ Correlation ID: \S+ Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
      ),
      error_codes: [7000215],
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      trace_id: expect.any(String),
      correlation_id: correlationId,
      error_uri: `${scene.entra.origin}/error?code=7000215`,
    });
  });
});
