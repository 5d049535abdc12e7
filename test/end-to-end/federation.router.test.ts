import { describe, expect, it } from 'vitest';
import { forRequests, graphError } from '../../src/emulator/faults.ts';
import { type GatewayOptions, startGateway } from '../support/gateway.ts';
import { startRouter } from '../support/router.ts';

async function start({ env, ...options }: GatewayOptions = {}) {
  const gateway = await startGateway({ env: { FEDERATION: 'true', ...env }, ...options });
  const { sessions } = gateway.emulator.graph;
  for (let n = 6; n <= 40; n += 1)
    sessions.set(`session-${n}`, { sessionKey: `session-${n}`, deviceName: `Device ${n}` });
  return { gateway, graph: gateway.emulator.graph, router: await startRouter(gateway) };
}

const DEVICES = 'query ($first: Int!) { devices(first: $first) { name session { id deviceName } } }';

it('thirty references of another subgraph are two batches, in the caller’s own name', async () => {
  const { gateway, graph, router } = await start();
  const token = gateway.emulator.entra.mintToken({ oid: 'somebody' });
  const { status, body } = await router.query(DEVICES, { variables: { first: 30 }, token });
  expect(body.errors).toBeUndefined();
  expect(status).toBe(200);
  expect(body.data.devices).toHaveLength(30);
  expect(body.data.devices[29]).toEqual({
    name: 'device-30',
    session: { id: 'session-30', deviceName: 'Device 30' },
  });
  expect(graph.requests).toMatchObject(Array(2).fill({ method: 'POST', url: '/beta/$batch', oid: 'somebody' }));
  expect(graph.requests.map(({ batch }) => batch?.length)).toEqual([20, 10]);
  const urls = graph.requests.flatMap(({ batch = [] }) => batch.map(({ url }) => url));
  expect(new Set(urls).size).toBe(30);
  expect(urls.every((url) => url.endsWith('?$select=deviceName'))).toBe(true);
});

it('a session that Graph does not find is null, one that it refuses has its error with all that it says', async () => {
  const { graph, router } = await start();
  graph.sessions.delete('session-2');
  graph.respondWith(forRequests({ path: /session-3/, inBatch: true }, graphError(403, 'Forbidden')));
  const { body } = await router.query(DEVICES, { variables: { first: 4 } });
  expect(body.data.devices.map(({ session }: { session: unknown }) => session)).toEqual([
    { id: 'session-1', deviceName: 'Reception tablet' },
    // A router knows the reference itself.
    { id: 'session-2', deviceName: null },
    { id: 'session-3', deviceName: null },
    expect.objectContaining({ id: 'session-4' }),
  ]);
  expect(body.errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN', graph: { status: 403, code: 'Forbidden', requestId: expect.any(String) } } },
  ]);
});

it('root fields of the gateway are asked through the router like any other', async () => {
  const { graph, router } = await start();
  const { body } = await router.query(
    '{ one: remoteHelpSessionResponse(id: "session-1") { deviceName } page: remoteHelpSessionResponses(first: 1) { pageInfo { hasNextPage } } deviceLog { pageInfo { hasNextPage } } }',
  );
  expect(body.errors).toBeUndefined();
  expect(body.data).toEqual({
    one: { deviceName: 'Reception tablet' },
    page: { pageInfo: { hasNextPage: true } },
    deviceLog: { pageInfo: { hasNextPage: false } },
  });
  expect(graph.requests).toHaveLength(2);
});

it('a mutation through the router is sent once, and its outcome reaches the client', async () => {
  const { graph, router } = await start();
  graph.respondWith(forRequests({ method: 'PATCH' }, { status: 502 }));
  const { body } = await router.query(
    'mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "x" }) { remoteHelpSessionResponse { id } } }',
  );
  expect(body.data).toEqual({ updateRemoteHelpSessionResponse: null });
  expect(body.errors).toMatchObject([
    {
      path: ['updateRemoteHelpSessionResponse'],
      extensions: { code: 'UPSTREAM_UNAVAILABLE', outcome: 'UNKNOWN', graph: { status: 502 } },
    },
  ]);
  expect(graph.requests.map(({ method }) => method)).toEqual(['PATCH', 'GET']);
});

describe('a person who must act', () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';

  it('gets the claims in the extensions and in the challenge, and is served with a new token', async () => {
    const { gateway, graph, router } = await start();
    const { entra } = gateway.emulator;
    graph.requireClaims(claims);
    entra.respondWith({
      match: { method: 'POST' },
      status: 400,
      body: {
        error: 'interaction_required',
        suberror: 'basic_action',
        error_codes: [50076],
        error_description: 'AADSTS50076: x',
        claims,
      },
    });
    const refused = await router.query(DEVICES, { variables: { first: 2 } });
    expect(refused.body.errors[0]).toMatchObject({ extensions: { code: 'INTERACTION_REQUIRED', claims } });
    const challenge = String(refused.headers['www-authenticate']);
    expect(challenge).toMatch(/^Bearer /);
    expect(challenge).toContain(Buffer.from(claims).toString('base64'));
  });

  it('without a token is UNAUTHENTICATED, with its challenge', async () => {
    const { graph, router } = await start();
    const { body, headers } = await router.query(DEVICES, { variables: { first: 2 }, token: null });
    expect(body.errors[0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(headers['www-authenticate']).toMatch(/^Bearer/);
    expect(graph.requests).toEqual([]);
  });
});

it('the trace of the client goes through to the gateway’s line', async () => {
  const { gateway, router } = await start();
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await router.query(DEVICES, {
    variables: { first: 1 },
    headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  });
  await expect
    .poll(() => gateway.logs().some((line) => line.msg === 'operation' && line.traceId === traceId))
    .toBe(true);
});

it('over 200 references the gateway refuses, and says how many there may be', async () => {
  const { gateway, graph, router } = await start();
  const { body } = await router.query(DEVICES, { variables: { first: 201 } });
  expect(body.errors[0].message).toContain('200');
  expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  expect(graph.requests).toEqual([]);
  expect(gateway.emulator.entra.requests.filter(({ method }) => method === 'POST')).toEqual([]);
});
