import { expect, test } from 'vitest';
import { startProcess } from './process.ts';
import { describeWithRedis, redisForTest } from './redis-for-test.ts';

/** What operators are told to grant. */
const RIGHTS =
  '~rhg1:* &rhg1:* +hello +auth +ping +select +get +set +pttl +pexpire +evalsha +eval +subscribe +publish'.split(' ');

describeWithRedis('a user of Redis with no rights but these', () => {
  test('shares everything', async () => {
    const redis = await redisForTest();
    await redis.command('ACL', 'SETUSER', 'gateway', 'on', '>fake-password', ...RIGHTS);
    const [one, other] = [1, 2].map(() => startProcess(`redis://gateway:fake-password@127.0.0.1:${redis.port}/2`));
    if (one === undefined || other === undefined) throw new Error('two');
    await Promise.all([one.connected, other.connected]);
    const heard: number[] = [];
    other.holdBack.listen((milliseconds) => heard.push(milliseconds));
    await expect.poll(() => redis.command('PUBSUB', 'CHANNELS')).toHaveLength(1);

    const now = Date.now();
    const owner = { assertion: 'fake.caller.token', expiresAt: now / 1000 + 3600 };
    one.tokens.set(owner, { token: 'fake-graph-token', expiresAt: now + 3_000_000, obtainedAt: now });
    await expect.poll(() => other.tokens.get(owner)).toMatchObject({ token: 'fake-graph-token' });
    expect(await one.requests.spend('ada', 1, 10)).toMatchObject({ spent: 1 });
    expect(await other.requests.spend('ada', 1, 10)).toMatchObject({ spent: 2 });
    one.holdBack.announce(30_000);
    await expect.poll(() => heard).toHaveLength(1);
    expect(one.logText() + other.logText()).toBe('');
  });
});
