import {
  ConnectionHandler,
  commitMutation,
  createOperationDescriptor,
  fetchQuery,
  getRequest,
  ROOT_ID,
} from 'relay-runtime';
import { expect, it } from 'vitest';
import deleteMutation, {
  type sessionsDeleteMutation as DeleteMutation,
} from './app/src/relay/__generated__/sessionsDeleteMutation.graphql.ts';
import sessionsQuery, {
  type sessionsQuery$data as SessionsData,
  type sessionsQuery as SessionsQuery,
} from './app/src/relay/__generated__/sessionsQuery.graphql.ts';
import updateMutation, {
  type sessionsUpdateMutation as UpdateMutation,
} from './app/src/relay/__generated__/sessionsUpdateMutation.graphql.ts';
import { createRelayEnvironment, relayErrors } from './app/src/relay/environment.ts';
import { CLAIMS, startClientScene } from './scene.ts';

type Environment = ReturnType<typeof createRelayEnvironment>;

const load = (environment: Environment, variables: SessionsQuery['variables']) =>
  fetchQuery<SessionsQuery>(environment, sessionsQuery, variables).toPromise();

/** What a component that shows the list sees now. */
function shown(environment: Environment): (string | null | undefined)[] {
  const operation = createOperationDescriptor(getRequest(sessionsQuery), { first: 2 });
  const data = environment.lookup(operation.fragment).data as unknown as SessionsData;
  return data.remoteHelpSessionResponses?.edges.map(({ node }) => node?.deviceName) ?? [];
}

interface Updated {
  readonly response: UpdateMutation['response'];
  readonly errors: readonly unknown[] | null | undefined;
}

const update = (environment: Environment) =>
  new Promise<Updated>((resolve, reject) => {
    commitMutation<UpdateMutation>(environment, {
      mutation: updateMutation,
      variables: { id: 'session-1', input: { deviceName: 'Pixel 9 of Ada' } },
      onCompleted: (response, errors) => resolve({ response, errors }),
      onError: reject,
    });
  });

it('pages: one list grows until there is no more', async () => {
  const { url, gatewayFetch } = await startClientScene();
  const environment = createRelayEnvironment(url, gatewayFetch);
  await load(environment, { first: 2 });
  const pageInfo = () =>
    environment
      .getStore()
      .getSource()
      .get(`${connectionId(environment)}:pageInfo`) as
      | { readonly endCursor?: string; readonly hasNextPage?: boolean }
      | undefined;
  expect(shown(environment)).toHaveLength(2);
  while (pageInfo()?.hasNextPage) await load(environment, { first: 2, after: pageInfo()?.endCursor });
  expect(shown(environment)).toEqual([
    'Reception tablet',
    'Warehouse scanner 07',
    'LAPTOP-4F7Q2',
    'Kiosk – Zürich HB',
    'DESKTOP-R3M0TE',
  ]);
});

function connectionId(environment: Environment): string {
  let id = '';
  environment.commitUpdate((store) => {
    const root = store.get(ROOT_ID);
    const connection = root && ConnectionHandler.getConnection(root, 'sessions_remoteHelpSessionResponses');
    id = connection?.getDataID() ?? '';
  });
  return id;
}

it('keeps one record for a session: an update changes the list', async () => {
  const { url, gatewayFetch, sent } = await startClientScene();
  const environment = createRelayEnvironment(url, gatewayFetch);
  await load(environment, { first: 2 });
  const { response, errors } = await update(environment);
  expect([errors, response.updateRemoteHelpSessionResponse?.remoteHelpSessionResponse.id]).toEqual([null, 'session-1']);
  expect(shown(environment)).toEqual(['Pixel 9 of Ada', 'Warehouse scanner 07']);
  expect(sent).toHaveLength(2);
});

it('shows a session that was deleted as an edge without a node', async () => {
  const { url, gatewayFetch } = await startClientScene();
  const environment = createRelayEnvironment(url, gatewayFetch);
  await load(environment, { first: 2 });
  await new Promise((resolve, reject) => {
    commitMutation<DeleteMutation>(environment, {
      mutation: deleteMutation,
      variables: { id: 'session-1' },
      onCompleted: resolve,
      onError: reject,
    });
  });
  expect(shown(environment)).toEqual([undefined, 'Warehouse scanner 07']);
});

it('tells the outcome of an update that failed', async () => {
  const { url, gatewayFetch, script } = await startClientScene();
  await script('graph', { preset: 'lost-answer' });
  const { response, errors } = await update(createRelayEnvironment(url, gatewayFetch));
  expect(response.updateRemoteHelpSessionResponse).toBeNull();
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', outcome: 'UNKNOWN' } }]);
});

it('steps up and sends the update again', async () => {
  const { url, gatewayFetch, challenges, script } = await startClientScene();
  await script('entra', { preset: 'mfa' });
  const { errors } = await update(createRelayEnvironment(url, gatewayFetch));
  expect(errors).toBeNull();
  expect(challenges).toMatchObject([{ reason: 'mfa_required', claims: CLAIMS }]);
});

it('throws an answer without data, and keeps its errors', async () => {
  const { url } = await startClientScene();
  const failure = await load(createRelayEnvironment(url, fetch), { first: 2 }).catch((error: Error) => error);
  if (!(failure instanceof Error)) throw new Error('expected an error');
  expect(relayErrors(failure)).toMatchObject([{ code: 'UNAUTHENTICATED' }]);
});

it('sends ids alone when the artifacts hold no texts', async () => {
  const { url, gatewayFetch, sent } = await startClientScene({
    env: { TRUSTED_DOCUMENTS: new URL('app/persisted-queries.json', import.meta.url).pathname },
  });
  const environment = createRelayEnvironment(url, gatewayFetch);
  const withoutText = { ...sessionsQuery, params: { ...sessionsQuery.params, text: null } };
  const data = await fetchQuery<SessionsQuery>(environment, withoutText, { first: 1 }).toPromise();
  expect(data?.remoteHelpSessionResponses?.edges).toHaveLength(1);
  expect(sent[0]?.body).toMatchObject({ documentId: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(sent[0]?.body?.query).toBeUndefined();
});
