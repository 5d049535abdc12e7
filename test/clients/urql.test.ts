import { expect, it } from 'vitest';
import { sessionQuery, sessionsQuery, twoSessions, updateSession } from './app/src/operations.ts';
import { createUrqlClient, createUrqlClientWithPersistedQueries, urqlErrors } from './app/src/urql.ts';
import { CLAIMS, forbidden, startClientScene } from './scene.ts';

const rename = { id: 'session-1', input: { deviceName: 'Pixel 9 of Ada' } };

it('reads by GET with the token', async () => {
  const { url, gatewayFetch, sent } = await startClientScene();
  const client = createUrqlClient(url, gatewayFetch);
  const { data, error } = await client.query(sessionQuery, { id: 'session-5' });
  expect(error).toBeUndefined();
  expect(data?.remoteHelpSessionResponse?.sessionExpirationDateTime).toBe('2016-12-31T23:59:57.5564522-08:00');
  expect(sent.map(({ method }) => method)).toEqual(['GET']);
});

it('pages', async () => {
  const { url, gatewayFetch } = await startClientScene();
  const client = createUrqlClient(url, gatewayFetch);
  // #region paging
  const devices: (string | null | undefined)[] = [];
  let after: string | null | undefined;
  do {
    const { data } = await client.query(sessionsQuery, { first: 2, after: after ?? null });
    const page = data?.remoteHelpSessionResponses;
    devices.push(...(page?.edges.map(({ node }) => node?.deviceName) ?? []));
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;
  } while (after);
  // #endregion
  expect(devices).toHaveLength(5);
});

it('asks anew for the lists that are shown after an update', async () => {
  const { url, gatewayFetch } = await startClientScene();
  const client = createUrqlClient(url, gatewayFetch);
  const shown: unknown[] = [];
  const twice = Promise.withResolvers<void>();
  const { unsubscribe } = client.query(sessionsQuery, { first: 1 }).subscribe(({ data, stale }) => {
    if (stale) return;
    shown.push(data?.remoteHelpSessionResponses?.edges[0]?.node?.deviceName);
    if (shown.length === 2) twice.resolve();
  });
  await client.query(sessionsQuery, { first: 1 });
  expect((await client.mutation(updateSession, rename)).error).toBeUndefined();
  await twice.promise;
  unsubscribe();
  expect(shown).toEqual(['Reception tablet', 'Pixel 9 of Ada']);
});

it('shows what there is beside what failed', async () => {
  const { url, gatewayFetch, script } = await startClientScene();
  await script('graph', forbidden('session-2'));
  const client = createUrqlClient(url, gatewayFetch);
  const { data, error } = await client.query(twoSessions, { one: 'session-1', two: 'session-2' });
  expect(data).toMatchObject({ one: { deviceName: 'Reception tablet' }, two: null });
  expect(urqlErrors(error)).toMatchObject([{ code: 'FORBIDDEN' }]);
});

it('tells the outcome of an update that failed', async () => {
  const { url, gatewayFetch, script } = await startClientScene();
  await script('graph', { preset: 'lost-answer' });
  const { error } = await createUrqlClient(url, gatewayFetch).mutation(updateSession, rename);
  expect(urqlErrors(error)).toMatchObject([{ code: 'UPSTREAM_UNAVAILABLE', outcome: 'UNKNOWN' }]);
});

it('steps up and sends the update again', async () => {
  const { url, gatewayFetch, challenges, script } = await startClientScene();
  await script('graph', { preset: 'step-up' });
  const { data, error } = await createUrqlClient(url, gatewayFetch).mutation(updateSession, rename);
  expect(error).toBeUndefined();
  expect(data?.updateRemoteHelpSessionResponse?.remoteHelpSessionResponse.deviceName).toBe('Pixel 9 of Ada');
  expect(challenges).toMatchObject([{ claims: CLAIMS }]);
});

it('shows the body of a 401 by itself', async () => {
  const { url, plainFetch, script } = await startClientScene();
  await script('entra', { preset: 'mfa' });
  const { error } = await createUrqlClient(url, plainFetch).query(sessionQuery, { id: 'session-1' });
  expect(urqlErrors(error)).toMatchObject([{ code: 'INTERACTION_REQUIRED', claims: CLAIMS }]);
  expect(error?.response.status).toBe(401);
});

it('asks by GET with a hash only, once the gateway knows the text', async () => {
  const { url, gatewayFetch, sent } = await startClientScene();
  for (let use = 1; use <= 2; use += 1) {
    const client = createUrqlClientWithPersistedQueries(url, gatewayFetch);
    const { data } = await client.query(sessionQuery, { id: 'session-1' });
    expect(data?.remoteHelpSessionResponse?.deviceName).toBe('Reception tablet');
  }
  const methods = sent.map(({ method }) => method);
  expect([methods[0], methods.at(-1)]).toEqual(['GET', 'GET']);
  expect(sent.map(({ url: { searchParams }, body }) => searchParams.has('query') || body?.query !== undefined)).toEqual(
    [false, true, false],
  );
});
