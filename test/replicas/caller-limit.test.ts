import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCallerLimit } from '../../src/replicas/caller-limit.ts';
import type { SharedCount } from '../../src/replicas/shared-count.ts';
import { startProcess } from './process.ts';
import { describeWithRedis, redisForTest } from './redis-for-test.ts';

const LIMIT = 10;

describe('a limit of one process', () => {
  test('lets as many points through as are in a minute, and then says how long to wait', () => {
    let now = 1_000;
    const limit = createCallerLimit({ pointsPerMinute: LIMIT, clock: () => now });
    expect(limit.spend('ada', 6)).toBeUndefined();
    now += 20_000;
    // What does not fit costs nothing.
    expect(limit.spend('ada', 5)).toBe(40_000);
    expect(limit.spend('ada', 4)).toBeUndefined();
    expect(limit.spend('ada', 1)).toBe(40_000);
    expect(limit.spend('bob', LIMIT)).toBeUndefined();
    now += 40_000;
    expect(limit.spend('ada', LIMIT)).toBeUndefined();
  });

  test('0 is no limit', () => {
    const limit = createCallerLimit({ pointsPerMinute: 0 });
    expect(limit.spend('ada', 1_000_000)).toBeUndefined();
  });
});

describe('of the own and the shared count the larger holds', () => {
  const says = (answer: Awaited<ReturnType<SharedCount['spend']>>): SharedCount => ({
    spend: async () => answer,
  });

  test('others have spent nearly all, then Redis is silent', async () => {
    let shared = says({ granted: true, spent: 9, endsInMs: 30_000 });
    const limit = createCallerLimit({
      pointsPerMinute: LIMIT,
      shared: { spend: (...asked) => shared.spend(...asked) },
      clock: () => 0,
    });
    expect(await limit.spend('ada', 1)).toBeUndefined();
    shared = says(undefined);
    expect(await limit.spend('ada', 1)).toBeUndefined();
    expect(await limit.spend('ada', 1)).toBe(30_000);
  });

  test('the shared count begins anew in the middle of a minute: the own one does not', async () => {
    let spent = 0;
    const shared: SharedCount = {
      async spend(_caller, points) {
        spent += points;
        return { granted: true, spent, endsInMs: 60_000 };
      },
    };
    let now = 0;
    const limit = createCallerLimit({ pointsPerMinute: LIMIT, shared, clock: () => now });
    expect(await limit.spend('ada', 8)).toBeUndefined();
    spent = 0;
    now = 10_000;
    expect(await limit.spend('ada', 2)).toBeUndefined();
    expect(await limit.spend('ada', 1)).toBe(50_000);
  });

  test('who is refused by all is refused without asking until the minute is over', async () => {
    let asked = 0;
    const shared: SharedCount = {
      async spend() {
        asked += 1;
        return { granted: false, spent: LIMIT, endsInMs: 5_000 };
      },
    };
    let now = 0;
    const limit = createCallerLimit({ pointsPerMinute: LIMIT, shared, clock: () => now });
    expect(await limit.spend('ada', 1)).toBe(5_000);
    now = 1_000;
    expect(limit.spend('ada', 1)).toBe(4_000);
    expect(asked).toBe(1);
    now = 5_000;
    await limit.spend('ada', 1);
    expect(asked).toBe(2);
  });
});

describeWithRedis('a limit that processes share', () => {
  async function processes(count: number) {
    const redis = await redisForTest();
    const all = Array.from({ length: count }, () => startProcess(redis.url));
    await Promise.all(all.map((each) => each.connected));
    const limits = all.map(({ requests }) => createCallerLimit({ pointsPerMinute: LIMIT, shared: requests }));
    const spend = async (process: number, caller: string, points = 1) =>
      (await limits[process % count]?.spend(caller, points)) === undefined;
    return { redis, all, spend };
  }

  test('lets exactly so many through together, however they come', async () => {
    const { spend } = await processes(2);
    const granted = await Promise.all(Array.from({ length: 40 }, (_, each) => spend(each, 'ada')));
    expect(granted.filter(Boolean)).toHaveLength(LIMIT);
    expect(await spend(0, 'bob')).toBe(true);
  });

  test('points of any size: never more together, and what does not fit costs nothing', async () => {
    const { spend } = await processes(3);
    let caller = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 12 })), { maxLength: 30 }),
        async (asks) => {
          caller += 1;
          let spent = 0;
          for (const [process, points] of asks) {
            const granted = await spend(process, `caller ${caller}`, points);
            expect(granted).toBe(spent + points <= LIMIT);
            if (granted) spent += points;
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('requests and calls to Graph are counted apart', async () => {
    const redis = await redisForTest();
    const { requests, graphRequests, connected } = startProcess(redis.url);
    await connected;
    expect(await requests.spend('ada', 7, LIMIT)).toMatchObject({ granted: true, spent: 7 });
    expect(await graphRequests.spend('ada', 7, LIMIT)).toMatchObject({ granted: true, spent: 7 });
  });

  test('the key expires within the minute, also one that somebody made last for ever, and names nobody', async () => {
    const { redis, spend } = await processes(1);
    await spend(0, 'fake-tenant:ada');
    const [key = ''] = [...(await redis.dump()).keys()];
    expect(key).not.toMatch(/ada|tenant/);
    await redis.command('PERSIST', key);
    await spend(0, 'fake-tenant:ada');
    expect(await redis.command('PTTL', key)).toSatisfy((left: number) => left > 0 && left <= 60_000);
    await redis.command('PEXPIRE', key, '999999999');
    await spend(0, 'fake-tenant:ada');
    expect(await redis.command('PTTL', key)).toSatisfy((left: number) => left > 0 && left <= 60_000);
  });

  test.each(['nonsense', '', '-5', '1e3', 'nan', 'inf', '99999999999999999999999999'])(
    'a count of "%s" fails nobody',
    async (value) => {
      const { redis, all, spend } = await processes(1);
      await spend(0, 'ada');
      const [key = ''] = [...(await redis.dump()).keys()];
      await redis.command('SET', key, value);
      const [process] = all;
      await expect(Promise.resolve(process?.requests.spend('ada', 1, LIMIT))).resolves.toSatisfy(
        (minute: { endsInMs: number } | undefined) => minute === undefined || minute.endsInMs <= 60_000,
      );
    },
  );

  test('Redis goes and comes: each process counts on with what it knew', async () => {
    const { redis, all, spend } = await processes(2);
    for (let each = 0; each < 6; each += 1) expect(await spend(each, 'ada')).toBe(true);
    await redis.kill();
    await expect.poll(() => all.map((each) => each.lines().length)).toEqual([1, 1]);
    // Each knew of five or six.
    const alone = await Promise.all(Array.from({ length: 20 }, (_, each) => spend(each, 'ada')));
    expect(alone.filter(Boolean).length).toBeGreaterThanOrEqual(8);
    expect(alone.filter(Boolean).length).toBeLessThanOrEqual(9);
  });
});
