import { ApolloClient, CombinedGraphQLErrors, HttpLink, ServerError } from '@apollo/client';
import { expect, it } from 'vitest';
import {
  apolloErrors,
  createApolloClient,
  createApolloClientWithPersistedQueries,
  createCache,
} from './app/src/apollo.ts';
import type { SessionsQuery } from './app/src/gql/graphql.ts';
import {
  createSession,
  deleteSession,
  sessionQuery,
  sessionsQuery,
  twoSessions,
  updateSession,
} from './app/src/operations.ts';
import { CLAIMS, forbidden, startClientScene } from './scene.ts';

const rename = { id: 'session-1', input: { deviceName: 'Pixel 9 of Ada' } };
const names = (data: SessionsQuery | undefined) =>
  data?.remoteHelpSessionResponses?.edges.map(({ node }) => node?.deviceName);

it('pages: one list grows until there is no more', async () => {
  const { url, gatewayFetch } = await startClientScene();
  const client = createApolloClient(url, gatewayFetch);
  // #region paging
  const list = client.watchQuery({ query: sessionsQuery, variables: { first: 2 } });
  let page = (await list.refetch()).data?.remoteHelpSessionResponses?.pageInfo;
  while (page?.hasNextPage) {
    const more = await list.fetchMore({ variables: { after: page.endCursor } });
    page = more.data?.remoteHelpSessionResponses?.pageInfo;
  }
  // #endregion
  expect(names(client.readQuery({ query: sessionsQuery, variables: { first: 2 } }) ?? undefined)).toEqual([
    'Reception tablet',
    'Warehouse scanner 07',
    'LAPTOP-4F7Q2',
    'Kiosk – Zürich HB',
    'DESKTOP-R3M0TE',
  ]);
});

it('keeps one entry for a session: what a list brought is read without a request, and an update changes both', async () => {
  const { url, gatewayFetch, sent } = await startClientScene();
  const client = createApolloClient(url, gatewayFetch);
  const shown: unknown[] = [];
  const list = client.watchQuery({ query: sessionsQuery, variables: { first: 2 } });
  await new Promise<void>((loaded) => {
    list.subscribe(({ data, loading }) => {
      shown.push(names(data as SessionsQuery | undefined));
      if (!loading) loaded();
    });
  });
  const read = await client.query({ query: sessionQuery, variables: { id: 'session-1' } });
  expect(read.data?.remoteHelpSessionResponse?.deviceName).toBe('Reception tablet');
  expect(sent).toHaveLength(1);

  await client.mutate({ mutation: updateSession, variables: rename });
  expect(shown.at(-1)).toEqual(['Pixel 9 of Ada', 'Warehouse scanner 07']);
  const again = await client.query({ query: sessionQuery, variables: { id: 'session-1' } });
  expect(again.data?.remoteHelpSessionResponse?.deviceName).toBe('Pixel 9 of Ada');
  expect(sent).toHaveLength(2);
  const sessions = Object.keys(client.extract() as object).filter((key) => key.startsWith('RemoteHelpSession'));
  expect(sessions).toEqual(['RemoteHelpSessionResponse:session-1', 'RemoteHelpSessionResponse:session-2']);
});

it('shows a new session, and no longer one that was deleted', async () => {
  const { url, gatewayFetch } = await startClientScene();
  const client = createApolloClient(url, gatewayFetch);
  const shown: unknown[] = [];
  await new Promise<void>((loaded) => {
    client.watchQuery({ query: sessionsQuery, variables: { first: 10 } }).subscribe(({ data, loading }) => {
      shown.push(names(data as SessionsQuery | undefined));
      if (!loading) loaded();
    });
  });
  const id = 'session-2';
  // #region create-delete
  await client.mutate({
    mutation: createSession,
    variables: { input: { deviceName: 'New tablet', sessionType: 'VIEW_SCREEN' } },
    refetchQueries: [sessionsQuery],
    awaitRefetchQueries: true,
  });
  await client.mutate({
    mutation: deleteSession,
    variables: { id },
    update(cache, { data }) {
      const deleted = data?.deleteRemoteHelpSessionResponse;
      const entry = deleted && cache.identify({ __typename: 'RemoteHelpSessionResponse', id: deleted.deletedId });
      if (!entry) return;
      cache.evict({ id: entry });
      cache.gc();
    },
  });
  // #endregion
  expect(shown.at(-1)).toEqual([
    'Reception tablet',
    'LAPTOP-4F7Q2',
    'Kiosk – Zürich HB',
    'DESKTOP-R3M0TE',
    'New tablet',
  ]);
});

it('gets a session that no list has brought', async () => {
  const { url, gatewayFetch, sent } = await startClientScene();
  const client = createApolloClient(url, gatewayFetch);
  const { data } = await client.query({ query: sessionQuery, variables: { id: 'session-5' } });
  expect(data?.remoteHelpSessionResponse?.sessionExpirationDateTime).toBe('2016-12-31T23:59:57.5564522-08:00');
  expect(sent).toHaveLength(1);
});

it('shows what there is beside what failed', async () => {
  const { url, gatewayFetch, script } = await startClientScene();
  await script('graph', forbidden('session-2'));
  const client = createApolloClient(url, gatewayFetch);
  // #region partial
  const variables = { one: 'session-1', two: 'session-2' };
  const { data, error } = await client.query({ query: twoSessions, variables, errorPolicy: 'all' });
  // #endregion
  expect(data).toMatchObject({ one: { deviceName: 'Reception tablet' }, two: null });
  expect(apolloErrors(error)).toMatchObject([{ code: 'FORBIDDEN' }]);
});

it('tells the outcome of an update that failed', async () => {
  const { url, gatewayFetch, script } = await startClientScene();
  await script('graph', { preset: 'lost-answer' });
  const client = createApolloClient(url, gatewayFetch);
  const failure = await client.mutate({ mutation: updateSession, variables: rename }).catch((error: unknown) => error);
  expect(apolloErrors(failure)).toMatchObject([{ code: 'UPSTREAM_UNAVAILABLE', outcome: 'UNKNOWN' }]);
});

it('steps up and sends the update again', async () => {
  const { url, gatewayFetch, challenges, script, gateway } = await startClientScene();
  await script('entra', { preset: 'mfa' });
  const client = createApolloClient(url, gatewayFetch);
  const { data } = await client.mutate({ mutation: updateSession, variables: rename });
  expect(data?.updateRemoteHelpSessionResponse?.remoteHelpSessionResponse.deviceName).toBe('Pixel 9 of Ada');
  expect(challenges).toMatchObject([{ reason: 'mfa_required', claims: CLAIMS }]);
  expect(gateway.emulator.graph.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
});

it('shows the body of a 401 because it asks for graphql-response+json, and hides it when told to ask for plain JSON', async () => {
  const { url, plainFetch, script } = await startClientScene();
  await script('entra', { preset: 'mfa' });
  const ask = (headers: Record<string, string>) =>
    new ApolloClient({ cache: createCache(), link: new HttpLink({ uri: url, fetch: plainFetch, headers }) })
      .query({ query: sessionQuery, variables: { id: 'session-1' } })
      .catch((error: unknown) => error);
  const shown = await ask({});
  expect(CombinedGraphQLErrors.is(shown)).toBe(true);
  expect(apolloErrors(shown)).toMatchObject([{ code: 'INTERACTION_REQUIRED', claims: CLAIMS }]);
  const hidden = await ask({ accept: 'application/json' });
  if (!ServerError.is(hidden)) throw new Error('expected a ServerError');
  expect([hidden.statusCode, JSON.parse(hidden.bodyText).errors[0].extensions.claims]).toEqual([401, CLAIMS]);
});

it('asks by GET with a hash only, once the gateway knows the text', async () => {
  const { url, gatewayFetch, sent } = await startClientScene();
  for (let use = 1; use <= 2; use += 1) {
    const client = createApolloClientWithPersistedQueries(url, gatewayFetch);
    const { data } = await client.query({ query: sessionQuery, variables: { id: 'session-1' } });
    expect(data?.remoteHelpSessionResponse?.deviceName).toBe('Reception tablet');
  }
  const carriesText = ({ url: { searchParams }, body }: (typeof sent)[number]) =>
    searchParams.has('query') || body?.query !== undefined;
  expect(sent.map((request) => [request.method, carriesText(request)])).toEqual([
    ['GET', false],
    ['POST', true],
    ['GET', false],
  ]);
  const client = createApolloClientWithPersistedQueries(url, gatewayFetch);
  expect((await client.mutate({ mutation: updateSession, variables: rename })).error).toBeUndefined();
  expect(sent.slice(3).map(({ method }) => method)).toEqual(['POST', 'POST']);
});
