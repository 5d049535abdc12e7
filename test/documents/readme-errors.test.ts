import { describe, expect, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { codeIn, tableBelow } from './markdown.ts';
import { readProjectFile } from './project.ts';

const readme = readProjectFile('README.md');
const entra = readProjectFile('docs/entra.md');
const told = (column: string) => tableBelow(readme, 'Errors', column).map(([cell = '']) => codeIn(cell).join());

/** The members of a union of string literals in src/errors.ts. */
function unionMembers(name: string): string[] {
  const declaration = new RegExp(`^export type ${name} =([^;]*);`, 'm').exec(readProjectFile('src/errors.ts'))?.[1];
  return [...(declaration ?? '').matchAll(/'([A-Z_]+)'/g)].map(([, member = '']) => member);
}

describe("the README's tables of errors", () => {
  test.each([
    ['code', 'GatewayErrorCode', 12],
    ['outcome', 'UpdateOutcome', 3],
  ])('name every %s and no other', (column, type, atLeast) => {
    const members = unionMembers(type);
    expect(members.length).toBeGreaterThanOrEqual(atLeast);
    expect(told(column).sort()).toEqual(members.sort());
  });
});

describe('the two mistakes that everybody makes once', () => {
  const anyQuery = '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }';

  test('a token for Graph', async () => {
    const { query, emulator } = await startGateway();
    const token = await emulator.entra.mintToken({ aud: '00000003-0000-0000-c000-000000000000' });
    const { status, body } = await query(anyQuery, { token });
    expect(status).toBe(401);
    const [quoted = ''] = /The token was issued for Microsoft Graph, not for this gateway/.exec(entra) ?? [];
    expect(quoted).not.toBe('');
    expect(body.errors[0].message).toContain(quoted);
    expect(body.errors[0].message).toContain(`api://${emulator.entra.clientId}/access_as_user`);
  });

  test('a missing scope', async () => {
    const { query, emulator } = await startGateway();
    const token = await emulator.entra.mintToken({ scp: 'something.else' });
    const { status, headers, body } = await query(anyQuery, { token });
    expect([status, body.errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
    expect(headers['www-authenticate']).toContain('insufficient_scope');
  });
});

test('docs/entra.md tells where the claims of a challenge are, in both forms', async () => {
  const { query, emulator } = await startGateway();
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  emulator.entra.respondWith([
    {
      match: { path: `/${emulator.entra.tenantId}/oauth2/v2.0/token` },
      status: 400,
      body: { error: 'interaction_required', error_codes: [50076], error_description: 'AADSTS50076: MFA', claims },
    },
  ]);
  const { status, headers, body } = await query('{ remoteHelpSessionResponse(id: "session-1") { deviceName } }');
  expect(status).toBe(401);
  expect(body.errors[0].extensions).toMatchObject({ code: 'INTERACTION_REQUIRED', reason: 'mfa_required', claims });
  expect(headers['www-authenticate']).toContain(`claims="${Buffer.from(claims).toString('base64')}"`);
});
