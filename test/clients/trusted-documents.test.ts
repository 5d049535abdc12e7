import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gql } from '@apollo/client';
import { afterAll, describe, expect, it } from 'vitest';
import { apolloErrors, createApolloClient, createApolloClientWithTrustedDocuments } from './app/src/apollo.ts';
import { sessionQuery, updateSession } from './app/src/operations.ts';
import { createUrqlClientWithTrustedDocuments } from './app/src/urql.ts';
import { appFile } from './generate.ts';
import { startClientScene } from './scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ofClientPreset = JSON.parse(readFileSync(appFile('src/gql/persisted-documents.json'), 'utf8')) as Record<
  string,
  string
>;
const bare = (id: string) => id.replace('sha256:', '');
const entries = Object.entries(ofClientPreset);

const manifests = {
  'as the client preset writes it': ofClientPreset,
  'of the client preset, ids without sha256:': Object.fromEntries(entries.map(([id, text]) => [bare(id), text])),
  'in the form of Apollo’s tools for the web, iOS and Kotlin': {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: entries.map(([id, body]) => ({
      id: bare(id),
      name: /(?:query|mutation) (\w+)/.exec(body)?.[1],
      type: body.includes('mutation') ? 'mutation' : 'query',
      body,
    })),
  },
};

const rename = { id: 'session-1', input: { deviceName: 'Pixel 9 of Ada' } };

describe.each(Object.entries(manifests))('with a manifest %s', (name, manifest) => {
  const file = join(folder, `${name.replace(/\W/g, '-')}.json`);
  writeFileSync(file, JSON.stringify(manifest));
  const start = () => startClientScene({ env: { TRUSTED_DOCUMENTS: file } });

  it('Apollo Client sends ids only, and its cache finds the __typenames it needs', async () => {
    const { url, gatewayFetch, sent } = await start();
    const client = createApolloClientWithTrustedDocuments(url, gatewayFetch);
    const { data } = await client.query({ query: sessionQuery, variables: { id: 'session-1' } });
    expect(data?.remoteHelpSessionResponse?.deviceName).toBe('Reception tablet');
    await client.mutate({ mutation: updateSession, variables: rename });
    expect(client.extract()).toMatchObject({ 'RemoteHelpSessionResponse:session-1': rename.input });
    expect(sent.map(({ body }) => [body?.query, Object.keys(body?.extensions as object)])).toEqual(
      [1, 2].map(() => [undefined, expect.arrayContaining(['persistedQuery'])]),
    );
  });

  it('urql sends ids only', async () => {
    const { url, gatewayFetch, sent } = await start();
    const client = createUrqlClientWithTrustedDocuments(url, gatewayFetch);
    const { data } = await client.query(sessionQuery, { id: 'session-1' });
    expect(data?.remoteHelpSessionResponse?.deviceName).toBe('Reception tablet');
    expect((await client.mutation(updateSession, rename)).error).toBeUndefined();
    expect(sent.filter(({ url: { searchParams }, body }) => searchParams.has('query') || body?.query)).toEqual([]);
  });

  it('the texts run too, with the __typenames that Apollo Client adds', async () => {
    const { url, gatewayFetch } = await start();
    const client = createApolloClient(url, gatewayFetch);
    const query = gql`
      query Session($id: ID!) {
        remoteHelpSessionResponse(id: $id) {
          ...SessionCard
        }
      }
      fragment SessionCard on RemoteHelpSessionResponse {
        deviceName
        id
        sessionExpirationDateTime
        sessionType
      }
    `;
    const { data, error } = await client.query({ query, variables: { id: 'session-1' } });
    expect([error, data]).toMatchObject([undefined, { remoteHelpSessionResponse: { id: 'session-1' } }]);
  });

  it('another operation is refused', async () => {
    const { url, gatewayFetch } = await start();
    const query = gql('{ remoteHelpSessionResponse(id: "session-1") { webClientUri } }');
    const failure = await createApolloClient(url, gatewayFetch)
      .query({ query })
      .catch((error: unknown) => error);
    expect(apolloErrors(failure)).toMatchObject([{ code: 'BAD_REQUEST' }]);
  });
});
