import { expect, test } from 'vitest';
import type { RedisLink } from '../../src/replicas/redis-link.ts';
import { textOrNothing } from '../../src/replicas/text-or-nothing.ts';
import { openLink } from './link.ts';
import { describeWithRedis, redisForTest, startNonsense } from './redis-for-test.ts';
import { freePort } from './redis-server.ts';

const AWAY = 'warn Redis (REDIS_URL) is away: until it is back, each process goes by its own memory';
const BACK = 'info Redis is back: replicas share again';

const connected = (link: RedisLink) => expect.poll(() => link.usable, { timeout: 5_000 }).toBe(true);
const get = (link: RedisLink, key = 'k') => link.ask(['GET', key], textOrNothing);

/** Asks until Redis is left alone. @returns how many questions that took */
async function exhaust(link: RedisLink): Promise<number> {
  let asked = 0;
  while (link.usable && asked < 100) {
    asked += 1;
    expect(await get(link)).toBeUndefined();
  }
  return asked;
}

test('a Redis that was never there costs nothing, and one line', async () => {
  const link = openLink(`redis://127.0.0.1:${await freePort()}`);
  expect(link.usable).toBe(false);
  expect(get(link)).toBeUndefined();
  await expect.poll(() => link.lines()).toEqual([AWAY]);
  expect(link.logText()).toContain('"reason":"ECONNREFUSED"');
  expect(get(link)).toBeUndefined();
});

test('a host that is not known costs nothing, and one line', async () => {
  const link = openLink('redis://no-such-host.invalid:6379');
  await expect.poll(() => link.lines(), { timeout: 10_000 }).toEqual([AWAY]);
  expect(get(link)).toBeUndefined();
});

describeWithRedis('a link to Redis', (program) => {
  test('asks and stores, with nothing to say about it', async () => {
    const redis = await redisForTest({ program });
    const link = openLink(redis.url);
    await connected(link);
    expect(await link.ask(['SET', 'k', 'v', 'PX', '10000'], textOrNothing)).toBe('OK');
    expect(await get(link)).toBe('v');
    expect(await get(link, 'none')).toBeUndefined();
    expect(link.lines()).toEqual([]);
  });

  test('runs a script that Redis has forgotten', async () => {
    const redis = await redisForTest({ program });
    const link = openLink(redis.url);
    await connected(link);
    const script = { source: 'return ARGV[1]', key: 'k', args: ['said'] };
    expect(await link.run(script, textOrNothing)).toBe('said');
    await redis.command('SCRIPT', 'FLUSH');
    expect(await link.run(script, textOrNothing)).toBe('said');
    expect(link.lines()).toEqual([]);
  });

  test('killed and back: one warning, one line, and it works as before', async () => {
    const redis = await redisForTest({ program });
    const link = openLink(redis.url);
    await connected(link);
    await redis.kill();
    await expect.poll(() => link.lines()).toEqual([AWAY]);
    expect(get(link)).toBeUndefined();
    await redis.start();
    await expect.poll(() => link.lines(), { timeout: 5_000 }).toEqual([AWAY, BACK]);
    expect(await link.ask(['SET', 'k', 'v', 'PX', '10000'], textOrNothing)).toBe('OK');
  });

  test('killed while questions are on their way: each has no answer, none fails', async () => {
    const redis = await redisForTest({ program });
    const link = openLink(redis.url);
    await connected(link);
    redis.freeze();
    const answers = Array.from({ length: 50 }, () => get(link));
    await redis.kill();
    expect(await Promise.all(answers)).toEqual(answers.map(() => undefined));
  });

  test('frozen: one question waits for it, and none behind that one, until it moves again', async () => {
    const redis = await redisForTest({ program });
    const link = openLink(redis.url);
    await connected(link);
    redis.freeze();
    // A request asks for several things, one after the other: it must not wait for each of them.
    expect(await exhaust(link)).toBe(1);
    expect(get(link)).toBeUndefined();
    await expect.poll(() => link.lines(), { timeout: 5_000 }).toEqual([AWAY]);
    // Longer than it takes to give the connection up, and to fail at making another one.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(link.lines()).toEqual([AWAY]);
    redis.thaw();
    await connected(link);
    await get(link);
    await expect.poll(() => link.lines(), { timeout: 5_000 }).toEqual([AWAY, BACK]);
  });

  test('frozen for a moment: what is answered late is heard by nobody, and the next answers are to the next questions', async () => {
    const redis = await redisForTest({ program });
    const link = openLink(redis.url);
    await connected(link);
    for (const name of ['a', 'b']) await link.ask(['SET', name, name, 'PX', '10000'], textOrNothing);
    redis.freeze();
    expect(await get(link, 'a')).toBeUndefined();
    redis.thaw();
    await expect.poll(async () => get(link, 'b')).toBe('b');
    expect(await get(link, 'a')).toBe('a');
  });

  test('a wrong password: no answer, one warning, and the password in no line', async () => {
    const redis = await redisForTest({ program, password: 'right-password' });
    const link = openLink(redis.url.replace('right', 'wrong'));
    await expect.poll(() => link.lines()).toEqual([AWAY]);
    expect(link.logText()).toContain('"reason":"WRONGPASS"');
    expect(get(link)).toBeUndefined();
    expect(link.logText()).not.toContain('wrong-password');
  });

  test('user and password of the URL, percent-encoded, and its number', async () => {
    const redis = await redisForTest({ program });
    await redis.command('ACL', 'SETUSER', 'gate/way', 'on', '>p@ss:word', '~*', '&*', '+@all');
    const link = openLink(`redis://gate%2Fway:p%40ss%3Aword@127.0.0.1:${redis.port}/3`);
    await connected(link);
    await link.ask(['SET', 'k', 'v', 'PX', '10000'], textOrNothing);
    expect(await redis.command('GET', 'k')).toBeNull();
    expect(await get(link)).toBe('v');
  });

  test('a user who may not do everything: no answer to that, told once, and the rest is answered', async () => {
    const redis = await redisForTest({ program });
    await redis.command('ACL', 'SETUSER', 'gateway', 'on', '>secret', '~*', '+get', '+ping', '+hello');
    const link = openLink(`redis://gateway:secret@127.0.0.1:${redis.port}`);
    await connected(link);
    for (let each = 0; each < 5; each += 1) {
      expect(await link.ask(['SET', 'k', 'v'], textOrNothing)).toBeUndefined();
      expect(await get(link)).toBeUndefined();
    }
    expect(link.lines()).toEqual(['warn Redis (REDIS_URL) does not do what it is asked']);
    expect(link.logText()).toContain('"reason":"NOPERM"');
  });
});

test.each([
  ['a web server', 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n'],
  ['always OK', '+OK\r\n'],
  ['numbers', ':42\r\n'],
  ['two answers to each question', '+PONG\r\n+PONG\r\n'],
  ['lists in lists', `${'*1\r\n'.repeat(2000)}:1\r\n`],
  ['half an answer', '$100\r\nabc'],
  ['bytes of any kind', Buffer.from(Array.from({ length: 512 }, (_, each) => (each * 37) % 256))],
])('%s in the place of Redis: no answer, and one warning', async (_name, answer) => {
  const nonsense = await startNonsense(answer);
  const link = openLink(nonsense.url);
  await expect.poll(() => nonsense.asked()).toBeGreaterThan(0);
  await expect
    .poll(
      async () => {
        // A reader that wants a list of numbers, as the limits do.
        await link.ask(['EVALSHA', 'x', '1', 'k'], (reply) => {
          if (!Array.isArray(reply) || typeof reply[0] !== 'number') throw new TypeError('no list');
        });
        return link.lines().filter((line) => line === AWAY);
      },
      { timeout: 8_000 },
    )
    .toEqual([AWAY]);
});
