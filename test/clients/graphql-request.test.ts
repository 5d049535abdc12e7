import { print } from 'graphql';
import { GraphQLClient } from 'graphql-request';
import { expect, it } from 'vitest';
import { createGraphQLClient, requestErrors } from './app/src/graphql-request.ts';
import { sessionsQuery, twoSessions, updateSession } from './app/src/operations.ts';
import { CLAIMS, forbidden, startClientScene } from './scene.ts';

const rename = { id: 'session-1', input: { deviceName: 'Pixel 9 of Ada' } };

it('updates and reads', async () => {
  const { url, gatewayFetch } = await startClientScene();
  const client = createGraphQLClient(url, gatewayFetch);
  const updated = await client.request(updateSession, rename);
  expect(updated.updateRemoteHelpSessionResponse?.remoteHelpSessionResponse.deviceName).toBe('Pixel 9 of Ada');
  const read = await client.request(sessionsQuery, { first: 1 });
  expect(read.remoteHelpSessionResponses?.edges[0]?.node?.deviceName).toBe('Pixel 9 of Ada');
});

it('shows what there is beside what failed, when it is asked for all', async () => {
  const { url, gatewayFetch, script } = await startClientScene();
  await script('graph', forbidden('session-2'));
  const client = new GraphQLClient(url, { fetch: gatewayFetch, errorPolicy: 'all' });
  const { data, errors } = await client.rawRequest(print(twoSessions), { one: 'session-1', two: 'session-2' });
  expect(data).toMatchObject({ one: { deviceName: 'Reception tablet' }, two: null });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

it('tells the outcome of an update that failed', async () => {
  const { url, gatewayFetch, script } = await startClientScene();
  await script('graph', { preset: 'conflict' });
  const client = createGraphQLClient(url, gatewayFetch);
  const failure = await client.request(updateSession, rename).catch((error: unknown) => error);
  expect(requestErrors(failure)).toMatchObject([{ code: 'CONFLICT', outcome: 'NOT_APPLIED' }]);
});

it('steps up and sends the update again', async () => {
  const { url, gatewayFetch, challenges, script } = await startClientScene();
  await script('entra', { preset: 'mfa' });
  await createGraphQLClient(url, gatewayFetch).request(updateSession, rename);
  expect(challenges).toMatchObject([{ reason: 'mfa_required', claims: CLAIMS }]);
});

it('shows the body of a 401 by itself', async () => {
  const { url, plainFetch, script } = await startClientScene();
  await script('entra', { preset: 'mfa' });
  const failure = await createGraphQLClient(url, plainFetch)
    .request(updateSession, rename)
    .catch((error: unknown) => error);
  expect(requestErrors(failure)).toMatchObject([{ code: 'INTERACTION_REQUIRED', claims: CLAIMS }]);
});
