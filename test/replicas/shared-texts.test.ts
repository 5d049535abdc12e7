import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { startProcess } from './process.ts';
import { describeWithRedis, redisForTest } from './redis-for-test.ts';
import { freePort } from './redis-server.ts';

const text = '{ remoteHelpSessionResponse(id: "fake-id") { deviceName } }';
const sha256 = (each: string) => hash('sha256', each);

async function twoProcesses(options: Parameters<typeof startProcess>[1] = {}) {
  const redis = await redisForTest();
  const [one, other] = [startProcess(redis.url, options), startProcess(redis.url, options)];
  await Promise.all([one.connected, other.connected]);
  return { redis, one: one.persistedQueries, other: other.persistedQueries };
}

describeWithRedis('persisted queries that processes share', () => {
  test('one has what another was sent, for a day', async () => {
    const { redis, one, other } = await twoProcesses();
    one.set(sha256(text), text);
    await expect.poll(() => other.get(sha256(text))).toBe(text);
    expect(await other.get(sha256('another'))).toBeUndefined();
    // Clients may call anything a hash.
    for (const no of ['', 'x'.repeat(100_000), sha256(text).toUpperCase()]) expect(other.get(no)).toBeUndefined();
    const [[key, value] = ['', '']] = [...(await redis.dump())];
    expect(await redis.command('PTTL', key)).toSatisfy((left: number) => left > 86_000_000 && left <= 86_400_000);
    expect(Buffer.from(value, 'base64').toString('latin1') + key).not.toMatch(/fake-id|remoteHelp/);
  });

  test('a text that is not of its hash is none', async () => {
    const { one, other, redis } = await twoProcesses();
    one.set(sha256('{ asked }'), '{ other }');
    await expect.poll(() => redis.command('DBSIZE')).toBe(1);
    expect(await other.get(sha256('{ asked }'))).toBeUndefined();
  });

  test.each(['', 'nonsense', '{ other }', 'AAAA'])('a value changed to "%s" is a miss', async (value) => {
    const { one, other, redis } = await twoProcesses();
    one.set(sha256(text), text);
    await expect.poll(() => redis.command('DBSIZE')).toBe(1);
    const [key = ''] = [...(await redis.dump()).keys()];
    await redis.command('SET', key, value);
    expect(await other.get(sha256(text))).toBeUndefined();
  });

  test('nobody fills Redis: no long text, and 4 Mi characters in an hour', async () => {
    let now = 0;
    const { one, redis } = await twoProcesses({ clock: () => now });
    const long = 'x'.repeat(64 * 1024);
    one.set(sha256('too long'), `${long}x`);
    one.set('no hash', 'text');
    for (let each = 0; each < 70; each += 1) one.set(sha256(String(each)), long);
    await expect.poll(() => redis.command('DBSIZE')).toBe(64);
    now = 60 * 60 * 1000;
    // So much at once may have been late, and Redis be left alone for a second.
    await expect
      .poll(
        async () => {
          one.set(sha256('next hour'), long);
          return redis.command('DBSIZE');
        },
        { timeout: 5_000 },
      )
      .toBe(65);
  });
});

test('without Redis there is no text and no wait', async () => {
  const { persistedQueries } = startProcess(`redis://127.0.0.1:${await freePort()}`);
  persistedQueries.set(sha256(text), text);
  expect(persistedQueries.get(sha256(text))).toBeUndefined();
});
