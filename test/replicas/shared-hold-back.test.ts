import { expect, test } from 'vitest';
import { startProcess, type TestProcess } from './process.ts';
import { describeWithRedis, redisForTest } from './redis-for-test.ts';
import type { RedisServer } from './redis-server.ts';

const HOUR = 60 * 60 * 1000;

function hears(process: TestProcess): number[] {
  const heard: number[] = [];
  process.holdBack.listen((milliseconds) => heard.push(milliseconds));
  return heard;
}

/** So many milliseconds, less what the test took. */
const nearly = (expected: number) =>
  expect.toSatisfy((value: number) => value <= expected && value > expected - 10_000, `nearly ${expected}`);

/** Processes that hear each other. */
async function processes(redis: RedisServer, count: number) {
  const all = Array.from({ length: count }, () => startProcess(redis.url));
  await Promise.all(all.map((each) => each.connected));
  await listening(redis, count);
  return all as [TestProcess, TestProcess, ...TestProcess[]];
}

async function channelIn(redis: RedisServer): Promise<string> {
  const [channel = ''] = (await redis.command('PUBSUB', 'CHANNELS')) as string[];
  return channel;
}

const listening = (redis: RedisServer, count: number) =>
  expect
    .poll(async () => (await redis.command('PUBSUB', 'NUMSUB', await channelIn(redis))) as unknown[], {
      timeout: 5_000,
    })
    .toContain(count);

describeWithRedis('"Graph throttles until ..."', () => {
  test('is known to the others at once, and not told back to who said it', async () => {
    const redis = await redisForTest();
    const [one, other, third] = await processes(redis, 3);
    const [own, heard, alsoHeard] = [hears(one), hears(other), third === undefined ? [] : hears(third)];
    // As the turnstile does, whoever told it.
    for (const each of [one, other]) each.holdBack.listen((milliseconds) => each.holdBack.announce(milliseconds));
    one.holdBack.announce(30_000);
    await expect.poll(() => [heard, alsoHeard]).toEqual([[nearly(30_000)], [nearly(30_000)]]);
    expect(own).toEqual([]);
    // And rests.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([own, heard, alsoHeard].flat()).toHaveLength(2);
  });

  test('is known to a process that starts later', async () => {
    const redis = await redisForTest();
    const [one] = await processes(redis, 1);
    one.holdBack.announce(30_000);
    await expect.poll(() => redis.command('DBSIZE')).toBe(1);
    const heard = hears(startProcess(redis.url));
    await expect.poll(() => heard).toEqual([nearly(30_000)]);
  });

  test('the later end holds, whoever said it', async () => {
    const redis = await redisForTest();
    const [one, other] = await processes(redis, 2);
    const heard = hears(other);
    one.holdBack.announce(30_000);
    await expect.poll(() => heard).toHaveLength(1);
    one.holdBack.announce(5_000);
    one.holdBack.announce(60_000);
    await expect.poll(() => heard).toEqual([nearly(30_000), nearly(60_000)]);
  });

  test('a burst that says the same is told once', async () => {
    const redis = await redisForTest();
    const [one, other] = await processes(redis, 2);
    const heard = hears(other);
    for (let each = 0; each < 100; each += 1) one.holdBack.announce(30_000);
    one.holdBack.announce(60_000);
    await expect.poll(() => heard).toEqual([nearly(30_000), nearly(60_000)]);
  });

  test('ends by itself in Redis', async () => {
    const redis = await redisForTest();
    const [one] = await processes(redis, 1);
    one.holdBack.announce(300);
    await expect.poll(() => redis.command('DBSIZE')).toBe(1);
    await expect.poll(() => redis.command('DBSIZE')).toBe(0);
  });

  test.each([
    ['a year', String(365 * 24 * HOUR), [nearly(HOUR)]],
    ['not a number', 'for ever', []],
    ['a negative number', '-1000', []],
    ['a number with an exponent', '1e12', []],
    ['nothing', '', []],
  ])('a message that says %s', async (_name, message, expected) => {
    const redis = await redisForTest();
    const [one, other] = await processes(redis, 2);
    const heard = hears(other);
    await redis.command('PUBLISH', await channelIn(redis), message);
    one.holdBack.announce(2 * HOUR);
    await expect.poll(() => heard.length).toBe(1);
    expect(heard).toEqual(expected.length > 0 ? expected : [nearly(HOUR)]);
    expect(other.logText()).toBe('');
  });

  test('a key that lasts for ever, or for a year, silences nobody for longer than an hour', async () => {
    const redis = await redisForTest();
    const [one] = await processes(redis, 1);
    one.holdBack.announce(1_000);
    await expect.poll(() => redis.command('DBSIZE')).toBe(1);
    const [key = ''] = [...(await redis.dump()).keys()];
    await redis.command('SET', key, '1', 'PX', String(365 * 24 * HOUR));
    const heard = hears(startProcess(redis.url));
    await expect.poll(() => heard).toEqual([nearly(HOUR)]);
  });

  test('what was heard while Redis was away is told when it is back', async () => {
    const redis = await redisForTest();
    const [one, other] = await processes(redis, 2);
    const heard = hears(other);
    await redis.kill();
    await expect.poll(() => one.lines().length).toBe(1);
    one.holdBack.announce(50_000);
    await redis.start();
    await expect.poll(() => heard, { timeout: 5_000 }).toEqual([nearly(50_000)]);
    await listening(redis, 2);
  });

  test('is of one tenant, app and Graph, and names none of them', async () => {
    const redis = await redisForTest();
    const [one] = await processes(redis, 1);
    const heard = ['fake-tenant', 'other-tenant'].map((tenantId) =>
      hears(startProcess(redis.url, { entra: { tenantId, clientId: 'fake-client' } })),
    );
    one.holdBack.announce(30_000);
    await expect.poll(() => heard).toEqual([[nearly(30_000)], []]);
    expect([...(await redis.dump()).keys(), await channelIn(redis)].join()).not.toMatch(/tenant|client|graph\.example/);
  });
});
