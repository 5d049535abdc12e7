import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { graphError, throttled } from '../../src/emulator/faults.ts';
import { operations } from '../support/fault-table.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { describeWithRedis, redisForTest } from './redis-for-test.ts';
import type { RedisServer } from './redis-server.ts';

const READ = 'query Read { remoteHelpSessionResponse(id: "session-1") { deviceName } }';
const oidOf = (each: number) => `00000000-0000-4000-8000-${String(each).padStart(12, '0')}`;

interface Deployment {
  readonly redis: RedisServer;
  readonly emulator: Emulator;
  /** One more process. */
  start(env?: Record<string, string>): Promise<TestGateway>;
  exchanges(): number;
}

/** An emulator and a Redis for all processes. */
async function startDeployment(): Promise<Deployment> {
  const [redis, emulator] = [await redisForTest(), await startEmulator()];
  return {
    redis,
    emulator,
    async start(env = {}) {
      const before = await connections(redis);
      const gateway = await startGateway({
        emulator,
        env: { REDIS_URL: redis.url, SHARED_CACHE_SECRET: 'fake-shared-secret', ...env },
      });
      await gateway.server.warmUp();
      await expect.poll(() => connections(redis)).toBe(before + 1);
      return gateway;
    },
    exchanges: () => emulator.entra.requests.filter(({ path }) => path.endsWith('/token')).length,
  };
}

/** Processes that hear what is published: those that are wholly connected. */
async function connections(redis: RedisServer): Promise<number> {
  const [channel = 'none'] = (await redis.command('PUBSUB', 'CHANNELS')) as string[];
  const [, count] = (await redis.command('PUBSUB', 'NUMSUB', channel)) as [string, number];
  return Number(count);
}

const ok = { status: 200, body: { data: { remoteHelpSessionResponse: { deviceName: 'Reception tablet' } } } };

describeWithRedis('two gateways that share a Redis', () => {
  test('200 users over both are 200 exchanges, and none after a rolling restart', async () => {
    const { start, exchanges, emulator, redis } = await startDeployment();
    const tokens = await Promise.all(
      Array.from({ length: 200 }, (_, each) => emulator.entra.mintToken({ oid: oidOf(each) })),
    );
    const askAll = async (gateways: readonly TestGateway[]) => {
      for (const gateway of gateways) {
        const answers: Awaited<ReturnType<typeof gateway.query>>[] = [];
        const rest = [...tokens];
        const next = async () => {
          for (let token = rest.pop(); token !== undefined; token = rest.pop()) {
            answers.push(await gateway.query(READ, { token }));
          }
        };
        await Promise.all(Array.from({ length: 8 }, next));
        expect(answers.filter(({ status, body }) => status === 200 && body.errors === undefined)).toHaveLength(200);
        await expect.poll(() => redis.command('DBSIZE')).toBeGreaterThanOrEqual(200);
      }
    };
    const old = [await start(), await start()];
    await askAll(old);
    expect(exchanges()).toBe(200);
    await askAll(old);
    const fresh = [await start(), await start()];
    for (const { server } of old) await server.app.close();
    await askAll(fresh);
    expect(exchanges()).toBe(200);
  });

  test('nothing of it can be read in a dump', async () => {
    const { start, emulator, redis } = await startDeployment();
    const gateway = await start();
    const token = await emulator.entra.mintToken({ oid: oidOf(7) });
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash('sha256', READ) } };
    expect(await gateway.query(READ, { token, extensions })).toMatchObject(ok);
    // The token, the persisted query, and two counts.
    await expect.poll(() => redis.command('DBSIZE')).toBe(4);
    const dump = [...(await redis.dump())].flat();
    for (const key of (await redis.dump()).keys()) expect(Number(await redis.command('PTTL', key))).toBeGreaterThan(0);
    const text = [...dump, ...dump.map((each) => Buffer.from(each, 'base64').toString('latin1'))].join('\n');
    const { entra, graph } = emulator;
    const sent = graph.requests.map(({ authorization = '' }) => authorization.replace('Bearer ', ''));
    expect(sent[0]).toMatch(/\./);
    const secrets = [
      ...[token, ...sent].flatMap((jwt) => [jwt, ...jwt.split('.')]),
      ...[oidOf(7), entra.tenantId, entra.clientId, entra.clientSecret, 'fake-shared-secret'],
      ...['session-1', 'deviceName', 'Read', extensions.persistedQuery.sha256Hash, hash('sha256', token)],
      ...[hash('sha256', token, 'base64url'), hash('sha256', `${entra.tenantId}:${oidOf(7)}`, 'base64url')],
    ];
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  test('a token that Graph refused at one is replaced for both', async () => {
    const { start, exchanges, emulator } = await startDeployment();
    const [one, other] = [await start(), await start()];
    const token = await emulator.entra.mintToken();
    for (const gateway of [one, other]) {
      expect(await gateway.query(READ, { token })).toMatchObject(ok);
    }
    expect(exchanges()).toBe(1);
    emulator.graph.requireClaims('{"access_token":{"nbf":{"essential":true,"value":"1"}}}');
    expect(await one.query(READ, { token })).toMatchObject(ok);
    expect(exchanges()).toBe(2);
    // It holds the old one still, which Graph refuses: the newer one is there already.
    expect(await other.query(READ, { token })).toMatchObject(ok);
    expect(exchanges()).toBe(2);
    expect(await (await start()).query(READ, { token })).toMatchObject(ok);
    expect(exchanges()).toBe(2);
  });

  test("another process's newer token that Graph refuses as well is replaced once more", async () => {
    const { start, exchanges, emulator } = await startDeployment();
    const [one, other] = [await start(), await start()];
    const token = await emulator.entra.mintToken();
    for (const gateway of [one, other]) expect(await gateway.query(READ, { token })).toMatchObject(ok);
    const claims = (value: string) => `{"access_token":{"nbf":{"essential":true,"value":"${value}"}}}`;
    emulator.graph.requireClaims(claims('1'));
    expect(await one.query(READ, { token })).toMatchObject(ok);
    emulator.graph.requireClaims(claims('2'));
    const before = emulator.graph.requests.length;
    expect(await other.query(operations.update, { token })).toMatchObject({ status: 200 });
    expect(emulator.graph.requests.slice(before).map(({ status }) => status)).toEqual([401, 401, 200]);
    expect(exchanges()).toBe(3);
    expect(await one.query(READ, { token })).toMatchObject({ status: 200, body: { data: {} } });
    expect(exchanges()).toBe(3);
  });

  test('what Entra refuses is refused by Entra each time', async () => {
    const { start, exchanges, emulator, redis } = await startDeployment();
    const [one, other] = [await start(), await start()];
    emulator.entra.grantedScopes = [];
    const token = await emulator.entra.mintToken();
    for (const gateway of [one, other]) {
      expect((await gateway.query(READ, { token })).body.errors).toHaveLength(1);
    }
    expect(exchanges()).toBe(2);
    expect([...(await redis.dump()).keys()].filter((key) => key.includes('token'))).toEqual([]);
  });

  test('whatever is written over what is stored: an exchange, and no error', async () => {
    const { start, exchanges, emulator, redis } = await startDeployment();
    const one = await start();
    const tokens = await Promise.all([1, 2].map((each) => emulator.entra.mintToken({ oid: oidOf(each) })));
    for (const token of tokens) expect(await one.query(READ, { token })).toMatchObject(ok);
    const stored = async () => [...(await redis.dump()).keys()].filter((key) => key.includes('token'));
    await expect.poll(async () => (await stored()).length).toBe(2);
    const other = await start();
    const dump = await redis.dump();
    const [first = '', second = ''] = await stored();
    await redis.command('SET', first, dump.get(second) ?? '');
    await redis.command('SET', second, 'nonsense');
    const before = emulator.graph.requests.length;
    for (const token of tokens) expect(await other.query(READ, { token })).toMatchObject(ok);
    expect(exchanges()).toBe(4);
    expect(emulator.graph.requests.slice(before).map(({ oid }) => oid)).toEqual([oidOf(1), oidOf(2)]);
  });

  test('a caller has so many requests at both together', async () => {
    const { start, emulator } = await startDeployment();
    const gateways = [await start({ RATE_LIMIT_PER_MINUTE: '10' }), await start({ RATE_LIMIT_PER_MINUTE: '10' })];
    const token = await emulator.entra.mintToken();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, each) => gateways[each % 2]?.query(READ, { token })),
    );
    expect(answers.filter((answer) => answer?.status === 200)).toHaveLength(10);
    const refused = answers.filter((answer) => answer?.status === 429);
    expect(refused).toHaveLength(30);
    for (const answer of refused) {
      expect(Number(answer?.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(answer?.headers['retry-after'])).toBeLessThanOrEqual(60);
    }
    expect(await gateways[0]?.query(READ, { token: await emulator.entra.mintToken({ oid: oidOf(9) }) })).toMatchObject(
      ok,
    );
  });

  test('a caller may cause so many calls to Graph at both together', async () => {
    const { start, emulator } = await startDeployment();
    const gateways = [
      await start({ GRAPH_REQUESTS_PER_MINUTE: '10' }),
      await start({ GRAPH_REQUESTS_PER_MINUTE: '10' }),
    ];
    const token = await emulator.entra.mintToken();
    const many =
      '{ remoteHelpSessionResponsesById(ids: ["session-1", "session-2", "session-3", "session-4"]) { deviceName } }';
    const codes = [];
    for (const each of [0, 1, 0, 1]) {
      const { body } = (await gateways[each]?.query(many, { token })) ?? {};
      codes.push(body.errors?.[0].extensions.code ?? 'ok');
    }
    expect(codes).toEqual(['ok', 'ok', 'RATE_LIMITED', 'RATE_LIMITED']);
    // What did not fit cost nothing.
    expect(await gateways[1]?.query(READ, { token })).toMatchObject(ok);
  });

  test('that Graph throttles one is known to the other, and to one that starts later', async () => {
    const { start, emulator } = await startDeployment();
    const [one, other] = [await start(), await start()];
    emulator.graph.respondWith(throttled(30));
    expect((await one.query(READ)).body.errors).toMatchObject([{ extensions: { code: 'THROTTLED' } }]);
    const sent = emulator.graph.requests.length;
    const code = async (gateway: TestGateway) => (await gateway.query(READ)).body.errors?.[0].extensions.code;
    // Known within 200 ms.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await code(other)).toBe('THROTTLED');
    expect(await code(await start())).toBe('THROTTLED');
    expect(emulator.graph.requests.length).toBe(sent);
  });

  test('another deployment that uses the same Redis is not held back', async () => {
    const { start, emulator, redis } = await startDeployment();
    const [one, stranger] = [
      await start(),
      await startGateway({ env: { REDIS_URL: redis.url, SHARED_CACHE_SECRET: 'fake-shared-secret' } }),
    ];
    emulator.graph.respondWith(throttled(30));
    expect((await one.query(READ)).body.errors).toMatchObject([{ extensions: { code: 'THROTTLED' } }]);
    await expect.poll(async () => [...(await redis.dump()).keys()].some((key) => key.includes('silence'))).toBe(true);
    expect(await stranger.query(READ)).toMatchObject(ok);
  });

  test('a persisted query that one was sent is known to the other', async () => {
    const { start, emulator } = await startDeployment();
    const [one, other] = [await start(), await start()];
    const token = await emulator.entra.mintToken();
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash('sha256', READ) } };
    const byHash = (gateway: TestGateway) =>
      gateway.http('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ extensions }),
      });
    expect((await byHash(other)).body.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]);
    expect(await one.query(READ, { token, extensions })).toMatchObject(ok);
    await expect.poll(() => byHash(other)).toMatchObject(ok);
  });

  test('a cursor of one is good at the other', async () => {
    const { start } = await startDeployment();
    const [one, other] = [await start(), await start()];
    const page =
      'query ($after: String) { remoteHelpSessionResponses(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }';
    const first = (await one.query(page)).body.data.remoteHelpSessionResponses;
    const second = (await other.query(page, { variables: { after: first.pageInfo.endCursor } })).body.data;
    expect(second.remoteHelpSessionResponses.nodes).toHaveLength(1);
    expect(second.remoteHelpSessionResponses.nodes).not.toEqual(first.nodes);
  });

  test('Redis frozen, back, killed and started again under load: no request fails', async () => {
    const { start, redis, emulator } = await startDeployment();
    const gateways = [await start(), await start()];
    let over = false;
    let user = 0;
    const failed: unknown[] = [];
    let answered = 0;
    const callers = Array.from({ length: 8 }, async (_, each) => {
      while (!over) {
        user += 1;
        const token = await emulator.entra.mintToken({ oid: oidOf(user % 50) });
        const { query } = gateways[(each + user) % 2] as TestGateway;
        const { status, body } = await query(each % 2 === 0 ? READ : operations.update, { token });
        answered += 1;
        if (status !== 200 || body.errors !== undefined) failed.push(body);
      }
    });
    // A warning when it goes, and a line when it is back. On a busy machine it may also go by itself for a moment.
    const levels = (gateway: TestGateway) =>
      gateway.logs().flatMap(({ level, msg }) => (String(msg).startsWith('Redis') ? [level] : []));
    const [AWAY, BACK] = [40, 30];
    const seenAs = (level: number) =>
      expect.poll(() => gateways.map((each) => levels(each).at(-1)), { timeout: 10_000 }).toEqual([level, level]);
    const someMore = async () => {
      const before = answered;
      await expect.poll(() => answered, { timeout: 10_000 }).toBeGreaterThan(before + 20);
    };
    await someMore();
    redis.freeze();
    await seenAs(AWAY);
    await someMore();
    redis.thaw();
    await seenAs(BACK);
    await someMore();
    await redis.kill();
    await seenAs(AWAY);
    await someMore();
    await redis.start();
    await seenAs(BACK);
    await someMore();
    over = true;
    await Promise.all(callers);
    expect(failed).toEqual([]);
    for (const gateway of gateways) {
      await expect.poll(() => levels(gateway).length % 2).toBe(0);
      expect(levels(gateway)).toEqual(levels(gateway).map((_, each) => (each % 2 === 0 ? AWAY : BACK)));
      expect((await gateway.http('/readyz')).status).toBe(200);
    }
  });

  test('a gateway starts and serves with a Redis that never comes, is wrong, or refuses', async () => {
    const locked = await redisForTest({ password: 'fake-password' });
    for (const url of [
      'redis://127.0.0.1:1',
      locked.url.replace('fake', 'wrong'),
      'redis://h/not-a-number',
      'redis://:%zz@h',
    ]) {
      const gateway = await startGateway({ env: { REDIS_URL: url } });
      await gateway.server.warmUp();
      expect((await gateway.http('/livez')).status).toBe(200);
      expect(await gateway.query(READ)).toMatchObject(ok);
      expect((await gateway.http('/readyz')).status).toBe(200);
      await expect
        .poll(() => gateway.logs().filter(({ level, msg }) => level === 40 && /redis/i.test(String(msg))))
        .toHaveLength(1);
      expect(gateway.logText()).not.toContain('wrong-password');
    }
  });

  test('a Graph that fails is not thought to throttle', async () => {
    const { start, emulator, redis } = await startDeployment();
    const one = await start();
    emulator.graph.respondWith(graphError(503, 'ServiceUnavailable'));
    await one.query(READ);
    expect([...(await redis.dump()).keys()].filter((key) => key.includes('silence'))).toEqual([]);
  });
});
