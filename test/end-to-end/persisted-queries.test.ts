import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const read = '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const persisted = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256(text) } });
const data = { data: { remoteHelpSessionResponse: { deviceName: 'Reception tablet' } } };

/** A request by hash alone, or with the text that registers it. */
function ask(gateway: TestGateway, method: 'GET' | 'POST', text: string, withText: boolean, token: string | null) {
  const extensions = persisted(text);
  const headers = { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) };
  const query = withText ? { query: text } : {};
  if (method === 'POST') {
    return gateway.http('/graphql', { method, headers, body: JSON.stringify({ ...query, extensions }) });
  }
  const search = new URLSearchParams({ ...query, extensions: JSON.stringify(extensions) });
  return gateway.http(`/graphql?${search}`, { headers: { ...headers, 'apollo-require-preflight': '1' } });
}

it.each(['GET', 'POST'] as const)('are learnt and found again by %s', async (method) => {
  const gateway = await startGateway();
  const token = gateway.emulator.entra.mintToken();
  const unknown = await ask(gateway, method, read, false, token);
  expect(unknown.body.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
  expect(await ask(gateway, method, read, true, token)).toMatchObject({ status: 200, body: data });
  expect(await ask(gateway, method, read, false, token)).toMatchObject({ status: 200, body: data });
});

it.each(['GET', 'POST'] as const)('are neither learnt nor found by %s without a token', async (method) => {
  const gateway = await startGateway();
  const harmless = '{ __typename }';
  for (const withText of [true, false]) {
    const { status, body } = await ask(gateway, method, harmless, withText, null);
    expect(status).toBe(401);
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  }
  const token = gateway.emulator.entra.mintToken();
  const { body } = await ask(gateway, method, harmless, false, token);
  expect(body.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
});

it('are not learnt without a token by an odd spelling either', async () => {
  const gateway = await startGateway();
  const extensions = JSON.stringify(persisted('{ __typename }')).replace('persistedQuery', 'persisted\\u0051uery');
  const search = new URLSearchParams({ query: '{ __typename }', extensions });
  const headers = { 'apollo-require-preflight': '1' };
  expect((await gateway.http(`/graphql?${search}`, { headers })).status).toBe(401);
  const body = `{"query":"{ __typename }","extensions":${extensions}}`;
  const json = { 'content-type': 'application/json' };
  expect((await gateway.http('/graphql', { method: 'POST', headers: json, body })).status).toBe(401);
});

it('must have the hash that they come with', async () => {
  const { query } = await startGateway();
  const { status, body } = await query(read, { extensions: persisted('{ another }') });
  expect(status).toBe(400);
  expect(body.errors).toHaveLength(1);
  expect(body.data).toBeUndefined();
});

it('are held to the limits of every document', async () => {
  const gateway = await startGateway();
  const token = gateway.emulator.entra.mintToken();
  const large = `{ ${Array.from({ length: 201 }, (_, i) => `a${i}: __typename`).join(' ')} }`;
  expect((await ask(gateway, 'POST', large, true, token)).status).toBe(400);
  const { body } = await ask(gateway, 'POST', large, false, token);
  expect(body.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
});

it('never make an update possible by GET', async () => {
  const gateway = await startGateway();
  const token = gateway.emulator.entra.mintToken();
  const update =
    'mutation { updateRemoteHelpSessionResponse(id: "session-1", input: {deviceName: "x"}) { __typename } }';
  expect((await ask(gateway, 'POST', update, true, token)).status).toBe(200);
  expect((await ask(gateway, 'GET', update, false, token)).status).toBe(405);
});

it('take no more than 4 MiB together: the one that was not used for longest is forgotten', async () => {
  const gateway = await startGateway();
  const token = gateway.emulator.entra.mintToken();
  // Spaces cost the parser nothing.
  const large = (index: number) => `query q${index} { __typename }${' '.repeat(60 * 1024)}`;
  for (let index = 0; index < 75; index += 1) {
    expect((await ask(gateway, 'POST', large(index), true, token)).status).toBe(200);
  }
  const { body } = await ask(gateway, 'POST', large(0), false, token);
  expect(body.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
  expect((await ask(gateway, 'POST', large(74), false, token)).status).toBe(200);
});
