import { describe, expect, it } from 'vitest';
import { forRequests, hang, repeated, unavailable } from '../../../src/emulator/faults.ts';
import { startGateway } from '../../support/gateway.ts';

const MINUTE = 60_000;
/** A fetch without an answer is given up after five seconds. */
const POLL = { timeout: 8_000 };

/** A gateway whose clock a test sets; how often it fetched Entra's keys, and what it answers to a token. */
async function startWithClock(env: Record<string, string> = {}) {
  const time = { now: Date.now() };
  const gateway = await startGateway({ env, dependencies: { clock: () => time.now } });
  const { entra } = gateway.emulator;
  return {
    ...gateway,
    entra,
    time,
    keyFetches: () => entra.requests.filter(({ path }) => path.endsWith('/keys')).length,
    /** Long-lived, because the emulator's own clock stands still while the test's goes on. */
    mint: (options = {}) => entra.mintToken({ exp: Math.floor(time.now / 1000) + 86_400, ...options }),
    statusWith: async (token: string) => (await gateway.query('{ __typename }', { token })).status,
  };
}

it('fetches the keys once for many callers at once', async () => {
  const { keyFetches, mint, statusWith } = await startWithClock();
  const statuses = await Promise.all(Array.from({ length: 20 }, () => statusWith(mint())));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(keyFetches()).toBe(1);
});

it.each([
  ['at once', 0],
  ['after an hour and a half of silence', 90 * MINUTE],
])('learns a key rollover without restart, %s', async (_name, silence) => {
  const { entra, time, keyFetches, mint, statusWith } = await startWithClock();
  const old = mint();
  expect(await statusWith(old)).toBe(200);
  await entra.rotateKeys();
  time.now += silence;
  expect(await statusWith(mint())).toBe(200);
  expect(keyFetches()).toBe(2);
  // Verified before, so the key that Entra took away is not needed again.
  expect(await statusWith(old)).toBe(200);
});

it('learns one rollover after the other', async () => {
  const { entra, mint, statusWith } = await startWithClock();
  for (let rollover = 0; rollover < 3; rollover += 1) {
    expect(await statusWith(mint())).toBe(200);
    await entra.rotateKeys();
  }
  expect(await statusWith(mint())).toBe(200);
});

it.each([
  ['at once', (send: () => Promise<number>) => Promise.all(Array.from({ length: 200 }, send))],
  [
    'one after the other',
    async (send: () => Promise<number>) => {
      const statuses: number[] = [];
      for (let count = 0; count < 200; count += 1) statuses.push(await send());
      return statuses;
    },
  ],
])('spends at most two key fetches on 200 invented key ids, %s', async (_name, sendAll) => {
  const { keyFetches, mint, statusWith } = await startWithClock();
  // Signed once: the key is looked for before the signature is.
  const [, ...rest] = mint().split('.');
  let invented = 0;
  const statuses = await sendAll(() => {
    invented += 1;
    const header = JSON.stringify({ alg: 'RS256', kid: `invented-${invented}` });
    return statusWith([Buffer.from(header).toString('base64url'), ...rest].join('.'));
  });
  expect(new Set(statuses)).toEqual(new Set([401]));
  expect(keyFetches()).toBeGreaterThan(0);
  expect(keyFetches()).toBeLessThanOrEqual(2);
});

it('looks for an unknown key again after half a minute, so that inventions cannot hide a rollover', async () => {
  const { entra, time, mint, statusWith } = await startWithClock();
  expect(await statusWith(mint())).toBe(200);
  expect(await statusWith(mint({ header: { kid: 'invented' } }))).toBe(401);
  await entra.rotateKeys();
  expect(await statusWith(mint())).toBe(401);
  time.now += MINUTE / 2;
  expect(await statusWith(mint())).toBe(200);
});

it('refreshes the keys after an hour without letting a caller wait', async () => {
  const { time, entra, keyFetches, mint, statusWith } = await startWithClock();
  expect(await statusWith(mint())).toBe(200);
  time.now += 59 * MINUTE;
  expect(await statusWith(mint())).toBe(200);
  expect(keyFetches()).toBe(1);
  time.now += MINUTE;
  entra.respondWith(hang());
  expect(await statusWith(mint())).toBe(200);
});

it.each([
  ['does not listen', undefined],
  ['answers 500', unavailable(500)],
  ['answers nonsense', { status: 200, body: { keys: 'none' } }],
  ['answers without keys', { status: 200, body: { keys: [] } }],
])('serves callers whose key it knows while Entra %s, also when the keys are old', async (_name, fault) => {
  const { entra, emulator, time, mint, statusWith } = await startWithClock();
  const first = mint();
  const others = Array.from({ length: 4 }, () => mint());
  expect(await statusWith(first)).toBe(200);
  if (fault === undefined) await entra.stop();
  else entra.respondWith(repeated(Number.POSITIVE_INFINITY, fault));
  for (const other of others) {
    time.now += 61 * MINUTE;
    expect(await statusWith(other)).toBe(200);
  }
  // Nobody can say whether Entra knows this key.
  expect(await statusWith(mint({ header: { kid: 'unknown' } }))).toBe(503);
  expect(emulator.graph.requests).toEqual([]);
});

it('asks Entra once in ten seconds, not once for each caller, while its keys cannot be refreshed', async () => {
  const { entra, time, keyFetches, mint, statusWith } = await startWithClock();
  expect(await statusWith(mint())).toBe(200);
  time.now += 61 * MINUTE;
  entra.respondWith(repeated(Number.POSITIVE_INFINITY, unavailable(500)));
  for (let count = 0; count < 20; count += 1) expect(await statusWith(mint())).toBe(200);
  expect(keyFetches()).toBe(2);
  time.now += 10_000;
  for (let count = 0; count < 20; count += 1) expect(await statusWith(mint())).toBe(200);
  expect(keyFetches()).toBe(3);
});

describe.each([
  ['is broken', unavailable(500)],
  ['hangs', hang()],
])('while the key document %s', (_how, fault) => {
  /** Known callers, a rollover that nobody has seen yet, and a key document that fails. */
  async function rollover() {
    const gateway = await startWithClock();
    const { entra, mint, statusWith } = gateway;
    const [seen, known] = [mint(), mint()];
    expect(await statusWith(seen)).toBe(200);
    await entra.rotateKeys();
    entra.respondWith(repeated(Number.POSITIVE_INFINITY, forRequests({ path: /keys$/ }, fault)));
    return { ...gateway, seen, known, invented: (kid: unknown) => mint({ header: { kid: `invented-${kid}` } }) };
  }

  it('a new key is 503 and no 401, known ones are served, and the log says why once', async () => {
    const { query, mint, statusWith, seen, known, logs } = await rollover();
    const { status, headers, body } = await query('{ __typename }', { token: mint() });
    expect([status, body.errors[0].extensions.code]).toEqual([503, 'UPSTREAM_UNAVAILABLE']);
    expect(headers['retry-after']).toBe('1');
    expect(headers['www-authenticate']).toBeUndefined();
    for (const token of [seen, known]) expect(await statusWith(token)).toBe(200);
    expect(await statusWith(mint())).toBe(503);
    await expect.poll(() => logs().filter((line) => 'entra' in line && line.level === 40).length, POLL).toBe(1);
  });

  it('invented key ids shut out nobody, cost a fetch a second, and the new key is known within two', async () => {
    const { emulator, time, keyFetches, mint, statusWith, known, invented } = await rollover();
    const before = keyFetches();
    const strangers = Array.from({ length: 400 }, (_, index) => statusWith(invented(index)));
    expect(await statusWith(known)).toBe(200);
    expect(new Set(await Promise.all(strangers))).toEqual(new Set([503]));
    expect(keyFetches() - before).toBe(1);
    time.now += 1_000;
    const more = Array.from({ length: 100 }, (_, index) => statusWith(invented(index)));
    expect(new Set(await Promise.all(more))).toEqual(new Set([503]));
    expect(keyFetches() - before).toBe(2);
    emulator.entra.clearFaults();
    time.now += 1_000;
    expect(await statusWith(mint())).toBe(200);
    // The document has answered: what is not in it does not exist.
    expect(await statusWith(invented('again'))).toBe(401);
  });
});

it('answers strangers of the other token version quickly too, whose document was never had', async () => {
  const { entra, mint, statusWith } = await startWithClock();
  const known = mint();
  expect(await statusWith(mint())).toBe(200);
  entra.respondWith(repeated(Number.POSITIVE_INFINITY, hang()));
  const strangers = Array.from({ length: 300 }, () => statusWith(mint({ ver: '1.0' })));
  expect(await statusWith(known)).toBe(200);
  expect(new Set(await Promise.all(strangers))).toEqual(new Set([503]));
});

it('answers 503 UPSTREAM_UNAVAILABLE while Entra was never reached, and serves within a second when it is', async () => {
  const { entra, time, query, mint } = await startWithClock({ NODE_ENV: 'production' });
  await entra.stop();
  const token = mint();
  const { status, headers, body } = await query('{ __typename }', { token });
  expect(status).toBe(503);
  expect(headers['retry-after']).toBe('1');
  expect(headers['www-authenticate']).toBeUndefined();
  expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 1 } }]);
  await entra.start();
  time.now += 1_000;
  expect((await query('{ __typename }', { token })).status).toBe(200);
});

it.each([
  ['no issuer', { jwks_uri: 'https://x.example/keys' }],
  ['no address of the keys', { issuer: 'https://x.example' }],
  ['an address of the keys that is none', { issuer: 'https://x.example', jwks_uri: 'keys' }],
  ['no object', []],
])('takes a document with %s for an Entra that is down', async (_name, body) => {
  const { entra, query, mint } = await startWithClock();
  entra.respondWith({ status: 200, body });
  expect(await query('{ __typename }', { token: mint() })).toMatchObject({
    status: 503,
    body: { errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] },
  });
});

it('waits for Entra no longer than the budget of the operation', async () => {
  const { entra, query, mint } = await startWithClock({ REQUEST_TIMEOUT_MS: '150' });
  entra.respondWith(hang());
  const { status, body } = await query('{ __typename }', { token: mint() });
  expect(status).toBe(503);
  expect(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']).toContain(body.errors[0].extensions.code);
});
