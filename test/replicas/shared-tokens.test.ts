import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TokenOwner } from '../../src/replicas/shared-tokens.ts';
import { startProcess } from './process.ts';
import { describeWithRedis, redisForTest } from './redis-for-test.ts';
import { freePort } from './redis-server.ts';

const NOW = Date.parse('2031-03-01T09:00:00Z');
const MINUTE = 60_000;
const clock = () => NOW;
const ownerOf = (name: string): TokenOwner => ({
  assertion: `fake-header.${name}.fake-signature`,
  expiresAt: (NOW + 60 * MINUTE) / 1000,
});
const ada = ownerOf('ada');
const tokenOf = (token: string, { lives = 60 * MINUTE, age = 0 } = {}) => ({
  token,
  expiresAt: NOW - age + lives,
  obtainedAt: NOW - age,
});

/** Two processes of one deployment. */
async function twoProcesses() {
  const redis = await redisForTest();
  const [one, other] = [startProcess(redis.url, { clock }), startProcess(redis.url, { clock })];
  await Promise.all([one.connected, other.connected]);
  const only = async () => {
    const [entry] = await redis.dump();
    if (entry === undefined) throw new Error('nothing is stored');
    return entry;
  };
  const stored = (count = 1) => expect.poll(() => redis.command('DBSIZE')).toBe(count);
  return { redis, one, other, only, stored };
}

describeWithRedis('Graph tokens that processes share', () => {
  test('one process has what another exchanged, for its caller only', async () => {
    const { one, other, stored } = await twoProcesses();
    const token = tokenOf('fake-graph-token');
    one.tokens.set(ada, token);
    await stored();
    expect(await other.tokens.get(ada)).toEqual(token);
    expect(await other.tokens.get(ownerOf('bob'))).toBeUndefined();
    expect(await other.tokens.get({ ...ada, assertion: `${ada.assertion}x` })).toBeUndefined();
  });

  test.each([
    ['another secret', { secret: 'another secret' }],
    ['another tenant', { entra: { tenantId: 'other', clientId: 'fake-client' } }],
    ['another client', { entra: { tenantId: 'fake-tenant', clientId: 'other' } }],
    ["another cloud's Graph", { graph: { baseUrl: 'https://other.example/beta' } }],
  ])('a deployment with %s finds nothing', async (_name, difference) => {
    const { redis, one, stored } = await twoProcesses();
    const stranger = startProcess(redis.url, { clock, ...difference });
    await stranger.connected;
    one.tokens.set(ada, tokenOf('fake-graph-token'));
    await stored();
    expect(await stranger.tokens.get(ada)).toBeUndefined();
  });

  test.each([
    ['the Graph token, which ends first', { lives: 30 * MINUTE }, 30 * MINUTE],
    ["the caller's own, less a minute", { lives: 24 * 60 * MINUTE }, 59 * MINUTE],
    ['is left of it', { lives: 60 * MINUTE, age: 50 * MINUTE }, 10 * MINUTE],
  ])('lives as long as %s', async (_name, token, expected) => {
    const { redis, one, only, stored } = await twoProcesses();
    one.tokens.set(ada, tokenOf('fake-graph-token', token));
    await stored();
    const left = Number(await redis.command('PTTL', (await only())[0]));
    expect(left).toBeLessThanOrEqual(expected);
    expect(left).toBeGreaterThan(expected - MINUTE / 2);
  });

  test('what is over is not stored, and not believed when Redis kept it too long', async () => {
    const { redis, one, other, only, stored } = await twoProcesses();
    one.tokens.set(ada, tokenOf('over', { lives: 60 * MINUTE, age: 60 * MINUTE }));
    one.tokens.set({ ...ada, expiresAt: NOW / 1000 }, tokenOf('caller over'));
    one.tokens.set(ownerOf('bob'), tokenOf('good'));
    await stored(1);
    await redis.command('PERSIST', (await only())[0]);
    expect(await other.tokens.get(ownerOf('bob'))).toMatchObject({ token: 'good' });
    const later = startProcess(redis.url, { clock: () => NOW + 60 * MINUTE });
    await later.connected;
    expect(await later.tokens.get(ownerOf('bob'))).toBeUndefined();
  });

  test('of what Graph refused only a later one is an answer, and it takes its place', async () => {
    const { one, other, stored } = await twoProcesses();
    const [first, second] = [tokenOf('first', { age: 2 * MINUTE }), tokenOf('second', { age: MINUTE })];
    one.tokens.set(ada, first);
    await stored();
    expect(await other.tokens.get(ada, first)).toBeUndefined();
    one.tokens.set(ada, second);
    await expect.poll(() => other.tokens.get(ada)).toEqual(second);
    expect(await other.tokens.get(ada, first)).toEqual(second);
    expect(await other.tokens.get(ada, second)).toBeUndefined();
    // One that it had before and that somebody put back.
    one.tokens.set(ada, first);
    await expect.poll(() => other.tokens.get(ada)).toEqual(first);
    expect(await other.tokens.get(ada, second)).toBeUndefined();
  });

  test('nothing can be read in Redis', async () => {
    const { redis, one, stored } = await twoProcesses();
    one.tokens.set(ada, tokenOf('fake-graph-token'));
    await stored();
    const text = [...(await redis.dump())].flat().join('\n');
    const plain = [text, ...text.split(/[\n:]/).map((part) => Buffer.from(part, 'base64').toString('latin1'))].join();
    for (const secret of ['fake-graph-token', 'ada', 'fake-tenant', 'fake-client', 'graph.example', 'expires']) {
      expect(plain).not.toContain(secret);
    }
  });

  test('the same token is stored differently each time', async () => {
    const { one, only, stored } = await twoProcesses();
    one.tokens.set(ada, tokenOf('same'));
    await stored();
    const [key, value] = await only();
    one.tokens.set(ada, tokenOf('same'));
    await expect.poll(async () => (await only())[1]).not.toBe(value);
    expect((await only())[0]).toBe(key);
  });

  test('a value swapped between callers opens for neither', async () => {
    const { redis, one, other, stored } = await twoProcesses();
    const bob = ownerOf('bob');
    one.tokens.set(ada, tokenOf("ada's"));
    one.tokens.set(bob, tokenOf("bob's"));
    await stored(2);
    const [[key1, value1] = ['', ''], [key2, value2] = ['', '']] = [...(await redis.dump())];
    await redis.command('SET', key1, value2);
    await redis.command('SET', key2, value1);
    expect(await other.tokens.get(ada)).toBeUndefined();
    expect(await other.tokens.get(bob)).toBeUndefined();
    expect(other.logText()).toBe('');
  });

  test('whatever somebody makes of a value is a miss', async () => {
    const { redis, one, other, only, stored } = await twoProcesses();
    one.tokens.set(ada, tokenOf('fake-graph-token'));
    await stored();
    const [key, value] = await only();
    const bytes = Buffer.from(value, 'base64');
    const changed = fc.oneof(
      fc.nat(bytes.length - 1).map((length) => bytes.subarray(0, length)),
      fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] ?? 0) ^ flip;
        return copy;
      }),
      fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          changed.map((each) => each.toString('base64')),
          fc.string(),
        ),
        async (made) => {
          await redis.command('SET', key, made);
          expect(await other.tokens.get(ada)).toBeUndefined();
        },
      ),
      { numRuns: 100 },
    );
    await redis.command('SET', key, value);
    expect(await other.tokens.get(ada)).toMatchObject({ token: 'fake-graph-token' });
    await redis.command('DEL', key);
    await redis.command('LPUSH', key, value);
    expect(await other.tokens.get(ada)).toBeUndefined();
  });
});

describe('without Redis', () => {
  test('there is no token and no wait', async () => {
    const alone = startProcess(`redis://127.0.0.1:${await freePort()}`, { clock });
    alone.tokens.set(ada, tokenOf('fake-graph-token'));
    expect(alone.tokens.get(ada)).toBeUndefined();
  });
});
