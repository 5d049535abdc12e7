import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { acceptedHeaders, refusedHeaders } from '../support/token-corpus.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const read = '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }';

function send(gateway: TestGateway, authorization: string | undefined, query = read) {
  return gateway.http('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    body: JSON.stringify({ query }),
  });
}

/** The public documents aside: what an attacker could make the gateway do for him. */
function sentOnwards(): string[] {
  const exchanges = emulator.entra.requests.filter(({ method }) => method !== 'GET');
  return [...exchanges.map(({ path }) => path), ...emulator.graph.requests.map(({ url }) => url)];
}

describe.each([
  ['in production', 'production'],
  ['outside production', 'development'],
])('%s', (_name, NODE_ENV) => {
  it.each(refusedHeaders)('refuses $name with 401, and asks nobody', async ({ make, says, challenge }) => {
    emulator.entra.clear();
    emulator.graph.clear();
    const gateway = await startGateway({ emulator, env: { NODE_ENV } });
    const { status, headers, body } = await send(gateway, make(emulator));
    expect(status).toBe(401);
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(body.data).toBeUndefined();
    const named = String(headers['www-authenticate']);
    if (challenge === 'bare') {
      expect(named).toBe('Bearer');
      expect(body.errors[0].message).toMatch(NODE_ENV === 'production' ? says : /access token/);
    } else {
      expect(named).toMatch(/^Bearer error="invalid_token", error_description="[\x20\x21\x23-\x5b\x5d-\x7e]+"$/);
      expect(body.errors[0].message).toMatch(says);
    }
    expect(sentOnwards()).toEqual([]);
  });

  it.each(Object.entries(acceptedHeaders))('lets in %s', async (_case, make) => {
    const gateway = await startGateway({ emulator, env: { NODE_ENV } });
    // Entra's own tolerance is smaller than the gateway's, so nothing is sent on.
    expect(await send(gateway, make(emulator), '{ __typename }')).toMatchObject({
      status: 200,
      body: { data: { __typename: 'Query' } },
    });
  });
});

it('tells a caller with a token for Microsoft Graph which scope to ask for', async () => {
  const gateway = await startGateway({ emulator });
  const token = emulator.entra.mintToken({ aud: 'https://graph.microsoft.com' });
  const { body, headers } = await send(gateway, `Bearer ${token}`);
  const scope = `api://${emulator.entra.clientId}/access_as_user`;
  expect(body.errors[0].message).toContain(scope);
  expect(headers['www-authenticate']).toContain(scope);
});

it.each([
  ['another scope', 'User.Read'],
  ['one that only begins like it', 'access_as_user2'],
  ['none', ''],
  ['one in capitals', 'ACCESS_AS_USER'],
])('answers 403 insufficient_scope to a token with %s', async (_name, scp) => {
  emulator.entra.clear();
  emulator.graph.clear();
  const gateway = await startGateway({ emulator, env: { NODE_ENV: 'production' } });
  const { status, headers, body } = await send(gateway, `Bearer ${emulator.entra.mintToken({ scp })}`);
  expect(status).toBe(403);
  expect(body.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(headers['www-authenticate']).toMatch(/^Bearer error="insufficient_scope", .*scope="access_as_user"$/);
  expect(sentOnwards()).toEqual([]);
});

it('takes a token from the Authorization header only', async () => {
  const gateway = await startGateway({ emulator, env: { NODE_ENV: 'production' } });
  const token = emulator.entra.mintToken();
  const init = { headers: { 'apollo-require-preflight': '1', cookie: `access_token=${token}` } } as const;
  const answer = await gateway.http(`/graphql?query=%7B__typename%7D&access_token=${token}`, init);
  expect(answer.status).toBe(401);
});

it('does not ask twice whether a token is good, nor take one caller for another', async () => {
  const gateway = await startGateway({ emulator });
  const [first, second] = [emulator.entra.mintToken(), emulator.entra.mintToken()];
  expect((await send(gateway, `Bearer ${first}`)).status).toBe(200);
  expect((await send(gateway, `Bearer ${first}`)).status).toBe(200);
  const mixed = `${first.split('.').slice(0, 2).join('.')}.${second.split('.')[2]}`;
  expect((await send(gateway, `Bearer ${mixed}`)).status).toBe(401);
});
