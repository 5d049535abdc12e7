import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { GatewayErrorCode as CodeOfGateway, UpdateOutcome } from '../../src/errors.ts';
import { isBefore, showDateTimeOffset } from './app/src/date-time-offset.ts';
import { type GatewayErrorCode, nextStep, type Outcome } from './app/src/gateway-errors.ts';
import { createGatewayFetch } from './app/src/gateway-fetch.ts';
import { startClientScene } from './scene.ts';

/** `true` where both unions have the same members; anything else does not compile. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const sameNames: [Same<GatewayErrorCode, CodeOfGateway>, Same<Outcome, UpdateOutcome>] = [true, true];

it('the types to copy name every code and every outcome of the gateway', () => {
  expect(sameNames).toEqual([true, true]);
});

it.each([
  [
    { code: 'THROTTLED', outcome: 'NOT_APPLIED', retryAfterSeconds: 20 },
    { step: 'send again', afterSeconds: 20 },
  ],
  [{ code: 'UPSTREAM_TIMEOUT' }, { step: 'send again', afterSeconds: 5 }],
  [{ code: 'UPSTREAM_TIMEOUT', outcome: 'UNKNOWN' }, { step: 'read first' }],
  [{ code: 'UPSTREAM_UNAVAILABLE', outcome: 'APPLIED' }, { step: 'read first' }],
  [{ code: 'CONFLICT', outcome: 'NOT_APPLIED' }, { step: 'read first' }],
  [{ code: 'INTERACTION_REQUIRED', outcome: 'NOT_APPLIED' }, { step: 'sign in' }],
  [{ code: 'FORBIDDEN' }, { step: 'tell the person' }],
  [{}, { step: 'tell the person' }],
] as const)('after %o the next step is %o', (extensions, step) => {
  expect(nextStep(extensions)).toEqual(step);
});

it('a Date loses digits and the offset of a DateTimeOffset, and is good enough to show it', () => {
  const text = '2031-03-01T09:30:00.1234567-08:00';
  expect(new Date(text).toISOString()).toBe('2031-03-01T17:30:00.123Z');
  expect(showDateTimeOffset(text, 'en-GB')).toMatch(/2031/);
  expect([isBefore(text, new Date('2031-03-01T17:30:01Z')), isBefore(text, new Date('2031-03-01T09:30:01Z'))]).toEqual([
    true,
    false,
  ]);
});

it('ten requests that are refused at once ask the person once', async () => {
  const { url, gatewayFetch, challenges, script } = await startClientScene();
  await script('entra', { preset: 'mfa' });
  const ask = () =>
    gatewayFetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }' }),
    });
  const answers = await Promise.all(Array.from({ length: 10 }, ask));
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(challenges).toHaveLength(1);
});

it('an operation of which a part was done is not sent a second time', async () => {
  const { gateway, script } = await startClientScene();
  const { entra, graph } = gateway.emulator;
  await script('graph', {
    preset: 'step-up',
    match: { method: 'PATCH', path: '/RemoteHelpSessionRetrieveResponse/session-2' },
  });
  let asked = 0;
  const gatewayFetch = createGatewayFetch(async (challenge) => {
    if (challenge !== undefined) asked += 1;
    return entra.mintToken();
  });
  const update = (id: string) =>
    `updateRemoteHelpSessionResponse(id: "${id}", input: { deviceName: "New" }) { remoteHelpSessionResponse { id } }`;
  const answer = await gatewayFetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `mutation { __typename a: ${update('session-1')} b: ${update('session-2')} }` }),
  });
  expect(answer.status).toBe(401);
  expect(asked).toBe(0);
  expect(graph.requests.filter(({ url }) => url.includes('session-1'))).toHaveLength(1);
});

it.each([
  ['a proxy', 'text/html', '<h1>Sign in to the proxy</h1>'],
  ['a token that is not valid', 'application/json', '{"errors":[{"extensions":{"code":"UNAUTHENTICATED"}}]}'],
])('hands on the 401 of %s as it is', async (_of, type, body) => {
  const server = createServer((_request, response) => response.writeHead(401, { 'content-type': type }).end(body));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  let asked = 0;
  const gatewayFetch = createGatewayFetch(async (challenge) => {
    if (challenge !== undefined) asked += 1;
    return 'a token';
  });
  const answer = await gatewayFetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
  expect([answer.status, await answer.text(), asked]).toEqual([401, body, 0]);
});
