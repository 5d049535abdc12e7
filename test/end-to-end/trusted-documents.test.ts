import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addTypenameToDocument } from '@apollo/client/utilities';
import { parse, print } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTrustedDocuments } from '../../src/graphql/documents/trusted-documents.ts';
import { startGateway } from '../support/gateway.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const directory = mkdtempSync(join(tmpdir(), 'trusted-'));
afterAll(() => rmSync(directory, { recursive: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const read = 'query Read($id: ID!) {\n  remoteHelpSessionResponse(id: $id) {\n    deviceName\n  }\n}';
const update = `mutation Update($id: ID!, $input: UpdateRemoteHelpSessionResponseInput!) {
  updateRemoteHelpSessionResponse(id: $id, input: $input) { __typename } }`;
const data = { data: { remoteHelpSessionResponse: { deviceName: 'Reception tablet' } } };
const variables = { id: 'session-1' };

const manifests: Readonly<Record<string, unknown>> = {
  'codegen’s client preset': { [sha256(read)]: read, [sha256(update)]: update },
  'codegen’s client preset, with its prefix': {
    [`sha256:${sha256(read)}`]: read,
    [`sha256:${sha256(update)}`]: update,
  },
  'an older Apollo iOS or Kotlin': {
    [sha256(read)]: { name: 'Read', source: read },
    [sha256(update)]: { name: 'Update', source: update },
  },
  'pairs of id and text': [
    [sha256(read), read],
    [sha256(update), update],
  ],
  'Apollo’s generator': {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [
      { id: sha256(read), name: 'Read', type: 'query', body: read },
      { id: sha256(update), name: 'Update', type: 'mutation', body: update },
    ],
  },
};

function write(name: string, content: string): string {
  const path = join(directory, `${name}.json`);
  writeFileSync(path, content);
  return path;
}

describe.each(Object.entries(manifests))('with the manifest of %s', (name, manifest) => {
  const start = async () => {
    const gateway = await startGateway({ env: { TRUSTED_DOCUMENTS: write(sha256(name), JSON.stringify(manifest)) } });
    const authorization = `Bearer ${gateway.emulator.entra.mintToken()}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const post = (body: unknown) => gateway.http('/graphql', { method: 'POST', headers, body: JSON.stringify(body) });
    const get = (search: Record<string, string>) =>
      gateway.http(`/graphql?${new URLSearchParams(search)}`, { headers: { authorization } });
    return { ...gateway, post, get };
  };
  const persistedQuery = { version: 1, sha256Hash: sha256(read) };

  it.each<[string, Record<string, unknown>]>([
    ['its text', { query: read }],
    ['its text, laid out in another way', { query: `# a comment\n${read.replace(/\s+/g, ' ')}` }],
    ['its text and its hash', { query: read, extensions: { persistedQuery } }],
    ['documentId', { documentId: sha256(read) }],
    ['documentId with its algorithm', { documentId: `sha256:${sha256(read)}` }],
    ['the text that Apollo Client makes of it', { query: print(addTypenameToDocument(parse(read))) }],
    ['documentId beside an empty text', { documentId: sha256(read), query: null }],
    ['the hash of a persisted query', { extensions: { persistedQuery } }],
  ])('runs a listed operation by %s', async (_case, body) => {
    const { post } = await start();
    expect(await post({ ...body, variables })).toMatchObject({ status: 200, body: data });
  });

  it.each<[string, Record<string, string>]>([
    ['its text', { query: read }],
    ['its text and its hash', { query: read, extensions: JSON.stringify({ persistedQuery }) }],
    ['documentId', { documentId: sha256(read) }],
    ['the hash of a persisted query', { extensions: JSON.stringify({ persistedQuery }) }],
  ])('runs a listed query by GET and %s', async (_case, search) => {
    const { get } = await start();
    expect(await get({ ...search, variables: JSON.stringify(variables) })).toMatchObject({ status: 200, body: data });
  });

  it.each<[string, Record<string, unknown>]>([
    ['another text', { query: '{ remoteHelpSessionResponse(id: "session-1") { sessionKey } }' }],
    ['a listed text with one field more', { query: read.replace('deviceName', 'deviceName sessionKey') }],
    ['a listed text with one operation more', { query: `${read} query More { __typename }` }],
    ['a part of a listed text', { query: '{ __typename }' }],
    ['introspection', { query: '{ __schema { queryType { name } } }' }],
    ['another text under a listed hash', { query: '{ __typename }', extensions: { persistedQuery } }],
    ['another text beside a listed id', { query: '{ __typename }', documentId: sha256(read) }],
    ['an unknown id', { documentId: sha256('x') }],
    ['an id that objects have anyway', { documentId: 'constructor' }],
    ['an id that is no text', { documentId: [sha256(read)] }],
    ['an unknown hash', { extensions: { persistedQuery: { version: 1, sha256Hash: sha256('x') } } }],
    ['text that is not GraphQL', { query: '"' }],
    ['a list', { 0: { documentId: sha256(read) } }],
  ])('refuses %s', async (_case, body) => {
    const { post, emulator } = await start();
    const answer = await post({ ...body, variables });
    expect(answer.body.errors).toHaveLength(1);
    expect(answer.body.data).toBeUndefined();
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].extensions.code).toBe('BAD_REQUEST');
    expect(emulator.graph.requests).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['documentId', { documentId: sha256('x') }],
    ['the hash of a persisted query', { extensions: { persistedQuery: { version: 1, sha256Hash: sha256('x') } } }],
  ])('says of an unknown %s that it is unknown, and not that there is no query', async (_case, body) => {
    const { post } = await start();
    const { status, body: answer } = await post({ ...body, variables });
    expect(status).toBe(400);
    expect(answer.errors).toMatchObject([{ message: expect.stringContaining('unknown') }]);
    const missing = await post({ variables });
    expect(missing.status).toBe(400);
    expect(missing.body.errors[0].message).not.toContain('unknown');
  });

  it('answers the same the first and the tenth time', async () => {
    const { post, get } = await start();
    for (let use = 1; use <= 10; use += 1) {
      expect(await post({ documentId: sha256(read), variables })).toMatchObject({ status: 200, body: data });
      const search = { documentId: sha256(read), variables: JSON.stringify(variables) };
      expect(await get(search)).toMatchObject({ status: 200, body: data });
    }
  });

  it('lets nobody add to the list', async () => {
    const { post } = await start();
    const text = '{ __typename }';
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(text) } };
    expect((await post({ query: text, extensions })).body.data).toBeUndefined();
    expect((await post({ extensions })).body.data).toBeUndefined();
  });

  it('does not run a listed update by GET', async () => {
    const { get, emulator } = await start();
    const answer = await get({ documentId: sha256(update), variables: JSON.stringify({ ...variables, input: {} }) });
    expect(answer.status).toBe(405);
    expect(emulator.graph.requests).toEqual([]);
  });
});

describe('the order of what stands in a listed operation', () => {
  const one = 'one: deleteRemoteHelpSessionResponse(id: "session-1") { deletedId again: deletedId }';
  const two =
    'two: updateRemoteHelpSessionResponse(id: "session-2", input: { deviceName: "x" }) { remoteHelpSessionResponse { id deviceName } }';
  const inner = (fields: string) => `fragment Changes on Mutation { ${fields} }`;
  const turned: Readonly<Record<string, readonly [listed: string, sent: string]>> = {
    'of a mutation': [`mutation { ${one} ${two} }`, `mutation { ${two} ${one} }`],
    'of an inline fragment': [`mutation { ... { ${one} ${two} } }`, `mutation { ... { ${two} ${one} } }`],
    'of an inline fragment in another': [
      `mutation { ... on Mutation { ... { ${one} ${two} } } }`,
      `mutation { ... on Mutation { ... { ${two} ${one} } } }`,
    ],
    'of a fragment': [
      `mutation { ...Changes } ${inner(`${one} ${two}`)}`,
      `mutation { ...Changes } ${inner(`${two} ${one}`)}`,
    ],
    'of a field and a fragment': [
      `mutation { ${one} ...Changes } ${inner(two)}`,
      `mutation { ...Changes ${one} } ${inner(two)}`,
    ],
  };
  const start = (name: string, listed: string) =>
    startGateway({ env: { TRUSTED_DOCUMENTS: write(sha256(name), JSON.stringify({ [sha256(listed)]: listed })) } });

  it.each(Object.entries(turned))('counts for the root fields %s', async (name, [listed, sent]) => {
    const { query, emulator } = await start(name, listed);
    const { status, body } = await query(sent);
    expect([status, body.errors[0].extensions.code]).toEqual([400, 'BAD_REQUEST']);
    expect(emulator.graph.requests).toEqual([]);
    const run = await query(listed);
    expect([run.status, run.body.errors]).toEqual([200, undefined]);
    expect(sentToGraph(emulator)).toEqual(['DELETE session-1', 'PATCH session-2']);
  });

  it.each([
    [
      'below the root of a mutation',
      `mutation { ${one} ${two} }`,
      `mutation { __typename ${one.replace('deletedId again: deletedId', 'again: deletedId deletedId')}
        ${two.replace('id deviceName', 'deviceName __typename id')} }`,
    ],
    [
      'of arguments and variables',
      `mutation ($id: ID!, $name: String) { updateRemoteHelpSessionResponse(id: $id, input: { deviceName: $name }) { __typename } }`,
      `mutation ($name: String, $id: ID!) { updateRemoteHelpSessionResponse(input: { deviceName: $name }, id: $id) { __typename } }`,
    ],
    [
      'of the root fields of a query',
      '{ a: remoteHelpSessionResponse(id: "session-1") { id } b: remoteHelpSessionResponse(id: "session-2") { id } }',
      '{ b: remoteHelpSessionResponse(id: "session-2") { id } a: remoteHelpSessionResponse(id: "session-1") { id } }',
    ],
    [
      'of fragments on a session, in a mutation too',
      `mutation { ${two.replace('id deviceName', '...S')} } fragment S on RemoteHelpSessionResponse { id deviceName }`,
      `fragment S on RemoteHelpSessionResponse { deviceName id } mutation { ${two.replace('id deviceName', '...S')} }`,
    ],
  ])('does not count %s', async (name, listed, sent) => {
    const { query } = await start(name, listed);
    const { status, body } = await query(sent, { variables: { id: 'session-1', name: 'x' } });
    expect([status, body.errors]).toEqual([200, undefined]);
  });

  it('is kept by GraphQL Code Generator, which sorts all else', async () => {
    const written = `mutation Both { ${two} ${one} ...Third }
      fragment Third on Mutation { three: deleteRemoteHelpSessionResponse(id: "session-3") { deletedId } }`;
    const listed =
      'fragment Third on Mutation { three: deleteRemoteHelpSessionResponse(id: "session-3") { deletedId } } mutation Both { two: updateRemoteHelpSessionResponse(id: "session-2", input: {deviceName: "x"}) { remoteHelpSessionResponse { deviceName id } } one: deleteRemoteHelpSessionResponse(id: "session-1") { deletedId again: deletedId } ...Third }';
    const { query, emulator } = await start('sorted', listed);
    const { status, body } = await query(written);
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(sentToGraph(emulator)).toEqual(['PATCH session-2', 'DELETE session-1', 'DELETE session-3']);
  });
});

describe('of several apps and versions', () => {
  const other = 'query Other($id: ID!) { remoteHelpSessionResponse(id: $id) { id } }';
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const parsed = (text: string) => parse(text, { noLocation: true });

  it('are read from files and folders together, of the folders what ends in .json', () => {
    const folder = mkdtempSync(join(directory, 'apps-'));
    writeFileSync(join(folder, 'android.json'), JSON.stringify({ operations: [{ id: 'android-1', body: update }] }));
    writeFileSync(join(folder, 'relay.json'), JSON.stringify({ [md5(other)]: other }));
    writeFileSync(join(folder, 'notes.txt'), 'not a manifest');
    const trusted = loadTrustedDocuments([write('web', JSON.stringify({ [sha256(read)]: read })), folder]);
    expect(trusted.textOf(sha256(read))).toBe(read);
    expect(trusted.textOf('android-1')).toBe(update);
    expect(trusted.textOf(md5(other))).toBe(other);
    expect([read, update, other].map((text) => trusted.holds(parsed(text)))).toEqual([true, true, true]);
    expect(trusted.holds(parsed('{ __typename }'))).toBe(false);
  });

  it('run through the setting, comma separated', async () => {
    const folder = mkdtempSync(join(directory, 'folder-'));
    writeFileSync(join(folder, 'one.json'), JSON.stringify({ [sha256(other)]: other }));
    const file = write('beside', JSON.stringify({ [sha256(read)]: read }));
    const { query } = await startGateway({ env: { TRUSTED_DOCUMENTS: `${file}, ${folder}` } });
    expect(await query(read, { variables })).toMatchObject({ status: 200, body: data });
    expect((await query(other, { variables })).body).toEqual({
      data: { remoteHelpSessionResponse: { id: 'session-1' } },
    });
  });

  it('are not read from a folder without manifests, nor with two texts of one id', () => {
    const folder = mkdtempSync(join(directory, 'empty-'));
    expect(() => loadTrustedDocuments([folder])).toThrow(/TRUSTED_DOCUMENTS/);
    const files = [read, other].map((text, index) => write(`same-${index}`, JSON.stringify({ one: text })));
    expect(() => loadTrustedDocuments(files)).toThrow(/TRUSTED_DOCUMENTS.*same-1/s);
  });
});

it.each([
  ['of texts that are not GraphQL', '{"a": "{"}'],
  ['no JSON', '{'],
  ['an empty list', '[]'],
  ['empty', '{}'],
  ['not of texts', '{"a": 1}'],
  ['of operations without bodies', '{"format":"apollo-persisted-query-manifest","operations":[{"id":"a"}]}'],
  ['of operations that are null', '{"operations":[null]}'],
])('are not read from a manifest that is %s', (name, content) => {
  const path = write(sha256(name), content);
  expect(() => loadTrustedDocuments([path])).toThrow(/TRUSTED_DOCUMENTS/);
});
