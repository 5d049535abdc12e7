import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { throttled } from '../../src/emulator/faults.ts';
import { type GatewayOptions, startGateway } from '../support/gateway.ts';
import { compose } from '../support/router.ts';
import { sentToGraph } from '../support/sent-to-graph.ts';

const start = ({ env, ...options }: GatewayOptions = {}) =>
  startGateway({ env: { FEDERATION: 'true', ...env }, ...options });
const printed = () =>
  spawnSync(process.execPath, ['src/graphql/federation/main.ts'], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
const reference = (id: unknown) => ({ __typename: 'RemoteHelpSessionResponse', id });
const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on RemoteHelpSessionResponse { id deviceName } }
}`;
const NAMES_OF_FEDERATION = '{ __schema { types { name } directives { name } queryType { fields { name } } } }';

describe('the subgraph’s SDL', () => {
  it('is printed without anything being started, and is what the server serves', async () => {
    const { status, stdout, stderr } = printed();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const gateway = await start();
    const { body } = await gateway.query('{ _service { sdl } }');
    expect(body).toEqual({ data: { _service: { sdl: stdout } } });
    const served = await gateway.http('/schema.graphql');
    expect(served.body).toBe(stdout);
  });

  it('composes with another subgraph, and keeps @sensitive', () => {
    const { supergraphSdl, publicSdl } = compose(printed().stdout);
    expect(supergraphSdl).toMatch(/acsHelperUserToken: String[^\n]*@sensitive/);
    expect(supergraphSdl.match(/: String[^\n]*@sensitive/g)).toHaveLength(10);
    expect(supergraphSdl).toMatch(/@link\(\s*url: "[^"]+\/sensitive\/v1\.0"/);
    const fields = buildSchema(publicSdl).getQueryType()?.getFields() ?? {};
    expect(Object.keys(fields)).toEqual(expect.arrayContaining(['remoteHelpSessionResponse', 'devices']));
  });

  it('links a version that every composer takes, and names the key', () => {
    const { stdout } = printed();
    expect(() => parse(stdout)).not.toThrow();
    expect(stdout).toMatch(/specs\.apollo\.dev\/federation\/v2\.[0-9]"/);
    expect(stdout).toContain('type RemoteHelpSessionResponse @key(fields: "id") {');
    expect(stdout).toContain('@composeDirective(name: "@sensitive")');
  });
});

describe('without the setting', () => {
  it('nothing of federation is shown, and nothing of it is answered', async () => {
    const { query, http } = await startGateway();
    const { body } = await query(NAMES_OF_FEDERATION);
    expect(JSON.stringify(body)).not.toMatch(/_entities|_service|_Any|link__|federation__|"key"|shareable/);
    expect((await query('{ _service { sdl } }')).status).toBe(400);
    expect((await query(ENTITIES, { variables: { representations: [] } })).status).toBe(400);
    expect((await http('/schema.graphql')).body).not.toMatch(/@key|@link/);
  });
});

it('the library is loaded only where the setting asks for it', () => {
  const loaded = (module: string) => {
    const code = `await import(${JSON.stringify(module)}); const { createRequire } = await import('node:module');
      console.log(Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('@apollo/subgraph')));`;
    return spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' }).stdout.trim();
  };
  expect(loaded('./src/server.ts')).toBe('false');
  expect(loaded('./src/graphql/federation/subgraph.ts')).toBe('true');
});

describe('references', () => {
  it('leave in one batch with all else of the operation, each id once, with what is selected', async () => {
    const gateway = await start();
    const document = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { __typename ... on RemoteHelpSessionResponse { id kind: sessionType } }
      other: remoteHelpSessionResponse(id: "session-2") { deviceName }
    }`;
    const representations = ['session-1', 'session-2', 'session-1', 'nobody'].map(reference);
    for (let round = 0; round < 12; round += 1) {
      const { status, body } = await gateway.query(document, { variables: { representations } });
      expect(status).toBe(200);
      const one = { __typename: 'RemoteHelpSessionResponse', id: 'session-1', kind: 'VIEW_SCREEN' };
      expect(body).toEqual({
        data: {
          _entities: [one, { ...one, id: 'session-2', kind: 'TAKE_FULL_CONTROL' }, one, null],
          other: { deviceName: 'Warehouse scanner 07' },
        },
      });
    }
    expect(sentToGraph(gateway.emulator)).toEqual(
      Array(12).fill([
        'session-1?$select=sessionType',
        'session-2?$select=sessionType,deviceName',
        'nobody?$select=sessionType',
      ]),
    );
  });

  it('one alone is one GET, and id alone asks for no secret', async () => {
    const gateway = await start();
    const document =
      '{ _entities(representations: [{ __typename: "RemoteHelpSessionResponse", id: "session-1" }]) { ... on RemoteHelpSessionResponse { id } } }';
    expect((await gateway.query(document)).body).toEqual({ data: { _entities: [{ id: 'session-1' }] } });
    expect(sentToGraph(gateway.emulator)).toEqual(['session-1?$select=deviceName']);
  });

  it.each<[string, unknown]>([
    ['an unknown type', { __typename: 'Device', id: 'session-1' }],
    ['a type that is no entity', { __typename: 'PageInfo', id: 'session-1' }],
    ['a type of JavaScript', { __typename: '__proto__', id: 'session-1' }],
    ['no type', { id: 'session-1' }],
    ['no id', { __typename: 'RemoteHelpSessionResponse' }],
    ['a null id', reference(null)],
    ['an id that is an object', reference({ canary: 1 })],
    ['an id that is a number', reference(7)],
    ['an empty id', reference('')],
    ['an id that is no key', reference('..')],
    ['an id of OData', reference('$count')],
    ['an id that is too long', reference('canary'.repeat(100))],
    ['a text', 'canary'],
    ['a list', [reference('session-1')]],
  ])('%s is BAD_USER_INPUT at its place, and the others are answered', async (_what, bad) => {
    const gateway = await start();
    for (let round = 0; round < 2; round += 1) {
      const { status, body } = await gateway.query(ENTITIES, {
        variables: { representations: [reference('session-1'), bad, reference('session-2')] },
      });
      expect(status).toBe(200);
      expect(body.data._entities).toEqual([
        { id: 'session-1', deviceName: 'Reception tablet' },
        null,
        { id: 'session-2', deviceName: 'Warehouse scanner 07' },
      ]);
      expect(body.errors).toMatchObject([{ path: ['_entities', 1], extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(body.errors).toHaveLength(1);
      expect(JSON.stringify(body.errors)).not.toContain('canary');
    }
  });

  it('none at all is an empty list', async () => {
    const gateway = await start();
    expect((await gateway.query(ENTITIES, { variables: { representations: [] } })).body).toEqual({
      data: { _entities: [] },
    });
    expect(gateway.emulator.graph.requests).toEqual([]);
  });

  it('count together with the operation’s other ids: over 200 nothing is sent', async () => {
    const gateway = await start();
    const document = `query ($representations: [_Any!]!, $ids: [ID!]!) {
      _entities(representations: $representations) { ... on RemoteHelpSessionResponse { id } }
      remoteHelpSessionResponsesById(ids: $ids) { id }
    }`;
    const numbered = (from: number, count: number) => Array.from({ length: count }, (_, n) => `s-${from + n}`);
    const ask = (references: string[], ids: string[]) =>
      gateway.query(document, { variables: { representations: references.map(reference), ids } });
    const refused = await ask(numbered(0, 101), numbered(101, 100));
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toMatchObject([
      { message: expect.stringContaining('200'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(gateway.emulator.graph.requests).toEqual([]);
    const admitted = await ask(numbered(0, 101), numbered(50, 150));
    expect(admitted.status).toBe(200);
    expect(admitted.body.errors).toBeUndefined();
    expect(sentToGraph(gateway.emulator).map((batch) => batch.length)).toEqual(Array(10).fill(20));
  });

  it('count for GRAPH_REQUESTS_PER_MINUTE', async () => {
    const gateway = await start({ env: { GRAPH_REQUESTS_PER_MINUTE: '2' } });
    const { status, body } = await gateway.query(ENTITIES, {
      variables: { representations: ['a', 'b', 'c'].map(reference) },
    });
    expect(status).toBe(429);
    expect(body.data).toEqual({ _entities: [null, null, null] });
    expect(gateway.emulator.graph.requests).toEqual([]);
  });

  it('that fail have the errors of reads', async () => {
    const gateway = await start();
    gateway.emulator.graph.respondWith({ ...throttled(60), match: { inBatch: true, path: /session-2/ } });
    const { body } = await gateway.query(ENTITIES, {
      variables: { representations: [reference('session-1'), reference('session-2')] },
    });
    expect(body.data._entities[0]).toEqual({ id: 'session-1', deviceName: 'Reception tablet' });
    expect(body.errors).toMatchObject([
      { path: ['_entities', 1], extensions: { code: 'THROTTLED', retryAfterSeconds: 60 } },
    ]);
  });

  it('to secrets are audited, and only they', async () => {
    const gateway = await start();
    const representations = ['session-1', 'session-2'].map(reference);
    await gateway.query(ENTITIES, { variables: { representations } });
    await gateway.query(ENTITIES.replace('deviceName', 'sessionKey'), { variables: { representations } });
    const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');
    const lines = gateway.logs().flatMap(({ audit, msg }) => (audit === undefined ? [] : [{ msg, audit }]));
    expect(lines).toMatchObject([
      {
        msg: 'read',
        audit: {
          action: '_entities',
          fields: ['sessionKey'],
          session: ['session-1', 'session-2'].map(sha256),
          outcome: 'READ',
        },
      },
    ]);
  });

  it('need a token, also outside production', async () => {
    const gateway = await start();
    for (const document of [ENTITIES, '{ _service { sdl } }']) {
      const { status } = await gateway.query(document, { variables: { representations: [] }, token: null });
      expect(status).toBe(401);
    }
  });
});

it('in production the subgraph answers its router, and still no introspection', async () => {
  const gateway = await start();
  const production = await startGateway({
    emulator: gateway.emulator,
    env: { FEDERATION: 'true', NODE_ENV: 'production' },
  });
  expect((await production.query('{ _service { sdl } }')).status).toBe(200);
  expect((await production.query('{ __schema { queryType { name } } }')).status).toBe(400);
});
