import { beforeAll, describe, expect, it } from 'vitest';
import {
  delayed,
  dropConnection,
  entraError,
  type Fault,
  forRequests,
  hang,
  repeated,
  throttled,
  unavailable,
} from '../../src/emulator/faults.ts';
import { azureIdentity } from '../../src/entra/exchange/azure-identity.ts';
import { operations } from '../support/fault-table.ts';
import { type GatewayOptions, startGateway } from '../support/gateway.ts';
import { startRawServer } from '../support/raw-server.ts';

const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const json = (body: string): Fault => ({ status: 200, headers: { 'Content-Type': 'application/json' }, body });
const page = (status: number): Fault => ({ status, body: '<!DOCTYPE html><title>leaked</title>' });
const always = (fault: Fault) => repeated(Number.POSITIVE_INFINITY, fault);

/** What Entra does, the code, and how often its token endpoint was asked by one operation. */
type Row = readonly [name: string, fault: Fault, code: string, calls: number];
const rows: readonly Row[] = [
  ['consent', entraError(65001, { suberror: 'consent_required' }), 'INTERACTION_REQUIRED', 1],
  ['multi-factor', entraError(50076, { error: 'interaction_required', claims }), 'INTERACTION_REQUIRED', 1],
  ['conditional access', entraError(53003, { error: 'interaction_required' }), 'INTERACTION_REQUIRED', 1],
  ['an expired assertion', entraError(500133), 'UNAUTHENTICATED', 1],
  ['an invalid assertion', entraError(50013), 'UNAUTHENTICATED', 1],
  ['a user who is not assigned', entraError(50105), 'FORBIDDEN', 1],
  ['a wrong client secret', entraError(7000215, { error: 'invalid_client', status: 401 }), 'INTERNAL_SERVER_ERROR', 1],
  [
    'an expired client secret',
    entraError(7000222, { error: 'invalid_client', status: 401 }),
    'INTERNAL_SERVER_ERROR',
    1,
  ],
  ['an unknown tenant', entraError(90002, { error: 'invalid_request' }), 'INTERNAL_SERVER_ERROR', 1],
  ['an unknown app', entraError(700016, { error: 'unauthorized_client' }), 'INTERNAL_SERVER_ERROR', 1],
  ['its own trouble', entraError(90033, { error: 'temporarily_unavailable', status: 503 }), 'UPSTREAM_UNAVAILABLE', 4],
  ['throttling without a wait', throttled(), 'THROTTLED', 4],
  ['throttling for a minute', throttled(60), 'THROTTLED', 1],
  ['503 for a minute', unavailable(503, 60), 'THROTTLED', 1],
  ['500', page(500), 'UPSTREAM_UNAVAILABLE', 4],
  ['503', unavailable(), 'UPSTREAM_UNAVAILABLE', 4],
  ['504', page(504), 'UPSTREAM_UNAVAILABLE', 4],
  ['a broken connection', dropConnection(), 'UPSTREAM_UNAVAILABLE', 4],
  ['a broken body', dropConnection('mid-body'), 'UPSTREAM_UNAVAILABLE', 4],
  ['a page', page(200), 'UPSTREAM_UNAVAILABLE', 1],
  ['cut JSON', json('{"access_token":"leaked'), 'UPSTREAM_UNAVAILABLE', 1],
  ['null', json('null'), 'UPSTREAM_UNAVAILABLE', 1],
  ['an array', json('[]'), 'UPSTREAM_UNAVAILABLE', 1],
  ['no token', json('{"token_type":"Bearer","expires_in":3600}'), 'UPSTREAM_UNAVAILABLE', 1],
  ['an empty token', json('{"token_type":"Bearer","expires_in":3600,"access_token":""}'), 'UPSTREAM_UNAVAILABLE', 1],
  ['a redirect', { status: 302, headers: { Location: 'http://127.0.0.1:9/' } }, 'UPSTREAM_UNAVAILABLE', 1],
];

const remembered = ['INTERACTION_REQUIRED', 'UNAUTHENTICATED', 'FORBIDDEN', 'INTERNAL_SERVER_ERROR'];

beforeAll(() => void azureIdentity());

async function scene(options: GatewayOptions = {}) {
  const gateway = await startGateway(options);
  const { entra, graph } = gateway.emulator;
  const token = await entra.mintToken();
  return {
    ...gateway,
    ask: (operation: keyof typeof operations, as = token) => gateway.query(operations[operation], { token: as }),
    exchanges: () => entra.requests.filter(({ path }) => path.endsWith('/oauth2/v2.0/token')).length,
    failExchangesWith: (fault: Fault) => entra.respondWith(forRequests({ method: 'POST' }, fault)),
    graphCalls: () => graph.requests.length,
  };
}

describe.each(rows)('%s', (_name, fault, code, calls) => {
  it(`is ${code} after ${calls}, and the same caller is served when it is over`, async () => {
    // What a user must do is remembered for some seconds, and so is what only the operator can mend.
    let now = Date.now();
    const { ask, exchanges, failExchangesWith, graphCalls, logText, emulator } = await scene({
      dependencies: { clock: () => now },
    });
    failExchangesWith(always(fault));
    const { body } = await ask('update');
    expect(body.errors[0].extensions).toMatchObject({ code, outcome: 'NOT_APPLIED' });
    expect([exchanges(), graphCalls()]).toStrictEqual([calls, 0]);
    expect(JSON.stringify(body) + logText()).not.toMatch(/leaked|127\.0\.0\.1:9/);
    emulator.entra.clearFaults();
    if (remembered.includes(code)) now += 5_001;
    expect((await ask('single')).body.errors).toBeUndefined();
  });
});

describe('throttling', () => {
  it('tells for how long', async () => {
    const { ask, failExchangesWith } = await scene();
    failExchangesWith(throttled(42));
    expect((await ask('single')).body.errors[0].extensions).toStrictEqual({ code: 'THROTTLED', retryAfterSeconds: 42 });
  });

  it.each([0, 1])('for %i s is waited for', async (seconds) => {
    const { ask, failExchangesWith, exchanges } = await scene();
    failExchangesWith(throttled(seconds));
    expect((await ask('single')).body.errors).toBeUndefined();
    expect(exchanges()).toBe(2);
  });
});

describe('a header that comes twice, as behind a proxy that adds its own', () => {
  it.each([
    ['Retry-After', '429 Too Many Requests', 'THROTTLED', { retryAfterSeconds: 42 }],
    ['Content-Type', '500 Internal Server Error', 'UPSTREAM_UNAVAILABLE', {}],
  ])('is one: %s', async (name, status, code, more) => {
    const { ask, emulator } = await scene();
    await ask('single');
    const newcomer = emulator.entra.mintToken({ oid: 'newcomer' });
    const port = Number(new URL(emulator.entra.origin).port);
    await emulator.entra.stop();
    const body = '{"error":"temporarily_unavailable"}';
    const value = name === 'Retry-After' ? '42' : 'application/json';
    const lines = [`HTTP/1.1 ${status}`, `${name}: ${value}`, `${name}: ${value}`, `Content-Length: ${body.length}`];
    await startRawServer((socket) => socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`), { port });
    const { extensions } = (await ask('update', newcomer)).body.errors[0];
    expect(extensions).toStrictEqual({ code, ...more, outcome: 'NOT_APPLIED' });
  });
});

describe('what is wrong is told to the operator', () => {
  it.each([
    [
      'with its number, error and setting',
      entraError(700016, { error: 'unauthorized_client' }),
      /AADSTS700016 \(unauthorized_client\).*AZURE_CLIENT_ID/,
    ],
    ['of a person', entraError(50105), /AADSTS50105 \(invalid_grant\).*not assigned/],
    ['as a page', page(200), /127\.0\.0\.1:\d+ answered 200 with something else than a token/],
    ['as an outage', { status: 400, body: 'x' }, /status 400/],
  ])('%s', async (_how, fault, hint) => {
    const { ask, failExchangesWith, logs } = await scene();
    failExchangesWith(always(fault));
    await ask('single');
    const hints = logs().flatMap((line) => ('hint' in line ? [line.hint] : []));
    expect(hints).toEqual([expect.stringMatching(hint)]);
  });

  it('with the errno, when it is not there', async () => {
    const { ask, emulator, logs } = await scene();
    await ask('single');
    await emulator.entra.stop();
    await ask('single', emulator.entra.mintToken({ oid: 'newcomer' }));
    expect(logs().flatMap((line) => ('hint' in line ? [line.hint] : []))).toEqual([
      expect.stringMatching(/could not be reached: ECONNREFUSED; look at AZURE_AUTHORITY_HOST/),
    ]);
  });
});

it('an outage is asked again by some, not by all who meet it', async () => {
  const { ask, failExchangesWith, exchanges, emulator } = await scene({ env: { RATE_LIMIT_PER_MINUTE: '0' } });
  failExchangesWith(always(unavailable()));
  const callers = Array.from({ length: 100 }, (_, index) => emulator.entra.mintToken({ oid: `caller-${index}` }));
  const answers = await Promise.all(callers.map((caller) => ask('single', caller)));
  expect(new Set(answers.map(({ body }) => body.errors[0].extensions.code))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
  expect(exchanges()).toBeGreaterThan(100);
  expect(exchanges()).toBeLessThan(200);
});

describe('within the budget', () => {
  const BUDGET_MS = 400;
  it.each([
    ['silence', hang()],
    ['an answer too late', delayed(9_000)],
  ])('%s of the token endpoint is UPSTREAM_TIMEOUT, and serves the next request', async (_name, fault) => {
    const { ask, failExchangesWith, graphCalls } = await scene({ env: { REQUEST_TIMEOUT_MS: String(BUDGET_MS) } });
    failExchangesWith(fault);
    const began = performance.now();
    const { body } = await ask('update');
    expect(performance.now() - began).toBeLessThan(BUDGET_MS + 2_000);
    expect(body.errors[0].extensions).toStrictEqual({ code: 'UPSTREAM_TIMEOUT', outcome: 'NOT_APPLIED' });
    expect(graphCalls()).toBe(0);
    expect((await ask('update')).body.errors).toBeUndefined();
  });

  it('silence of the key endpoint is UPSTREAM_TIMEOUT too', async () => {
    const { query, emulator } = await startGateway({ env: { REQUEST_TIMEOUT_MS: String(BUDGET_MS) } });
    emulator.entra.respondWith(forRequests({ method: 'GET' }, repeated(9, hang())));
    const began = performance.now();
    const { status, body } = await query(operations.single);
    expect(performance.now() - began).toBeLessThan(BUDGET_MS + 2_000);
    expect([status, body.errors[0].extensions.code]).toStrictEqual([503, 'UPSTREAM_TIMEOUT']);
  });

  it('Entra that is gone is UPSTREAM_UNAVAILABLE, and is used again when it is back', async () => {
    const { ask, emulator } = await scene();
    await ask('single');
    await emulator.entra.stop();
    expect((await ask('single')).body.errors, 'a token that is there needs no Entra').toBeUndefined();
    const newcomer = await emulator.entra.mintToken({ oid: '00000000-0000-4000-8000-000000000009' });
    expect((await ask('single', newcomer)).body.errors[0].extensions.code).toBe('UPSTREAM_UNAVAILABLE');
    await emulator.entra.start();
    expect((await ask('single', newcomer)).body.errors).toBeUndefined();
  });
});

describe('what only the operator can mend', () => {
  const expired = entraError(7000222, { error: 'invalid_client', status: 401 });

  it('is asked about by one for all, ever more rarely, and holds up nobody who has a token', async () => {
    let now = Date.now();
    const { ask, failExchangesWith, exchanges, emulator, logs } = await scene({ dependencies: { clock: () => now } });
    await ask('single');
    failExchangesWith(always(expired));
    const newcomers = Array.from({ length: 12 }, (_, index) => emulator.entra.mintToken({ oid: `newcomer-${index}` }));
    const codeFor = async (newcomer?: string) =>
      (await ask('single', newcomer)).body.errors?.[0].extensions.code as string | undefined;
    for (const newcomer of newcomers) expect(await codeFor(newcomer)).toBe('INTERNAL_SERVER_ERROR');
    expect(exchanges()).toBe(3);
    expect(await codeFor()).toBeUndefined();
    now += 5_000;
    expect(new Set(await Promise.all(newcomers.map(codeFor)))).toEqual(new Set(['INTERNAL_SERVER_ERROR']));
    expect(exchanges()).toBe(4);
    const hints = logs().flatMap(({ hint }) => (typeof hint === 'string' ? [hint] : []));
    expect(new Set(hints).size).toBe(1);
    expect(hints[0]).toMatch(/AADSTS7000222.*expired.*AZURE_CLIENT_SECRET.*Certificates & secrets/);
    // The secret is renewed.
    emulator.entra.clearFaults();
    now += 5_000;
    expect(new Set(await Promise.all(newcomers.slice(0, 1).map(codeFor)))).toEqual(new Set([undefined]));
    expect(new Set(await Promise.all(newcomers.map(codeFor)))).toEqual(new Set([undefined]));
  });

  it('is over for all as soon as Entra asks something of one person', async () => {
    let now = Date.now();
    const { ask, failExchangesWith, emulator } = await scene({ dependencies: { clock: () => now } });
    failExchangesWith(repeated(2, expired));
    for (let time = 0; time < 2; time += 1) {
      expect((await ask('single')).body.errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
    }
    now += 5_000;
    failExchangesWith(entraError(50105));
    const [ada, ben] = ['ada', 'ben'].map((oid) => emulator.entra.mintToken({ oid }));
    expect((await ask('single', ada)).body.errors[0].extensions.code).toBe('FORBIDDEN');
    expect((await ask('single', ben)).body.errors).toBeUndefined();
  });

  it('is not believed at its first refusal: the next caller’s exchange may succeed', async () => {
    const { ask, failExchangesWith, emulator } = await scene();
    for (const oid of ['ada', 'ben', 'cyd']) {
      failExchangesWith(expired);
      expect((await ask('single')).body.errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
      expect((await ask('single', emulator.entra.mintToken({ oid }))).body.errors).toBeUndefined();
    }
  });

  it.each([
    ['a request that Entra does not understand', entraError(999_999, { error: 'invalid_request' })],
    ['a JWT that is not valid', entraError(50027, { error: 'invalid_client', status: 401 })],
  ])('is not what may be the matter of one caller: %s', async (_name, fault) => {
    const { ask, failExchangesWith, emulator } = await scene();
    failExchangesWith(fault);
    expect((await ask('single')).body.errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect((await ask('single', emulator.entra.mintToken({ oid: 'ben' }))).body.errors).toBeUndefined();
  });
});

describe('a user who must act', () => {
  it('costs one call in a few seconds, whatever is asked', async () => {
    let now = Date.now();
    const { ask, failExchangesWith, exchanges, emulator } = await scene({ dependencies: { clock: () => now } });
    failExchangesWith(always(entraError(50076, { error: 'interaction_required', claims })));
    for (let round = 1; round <= 3; round += 1) {
      const answers = await Promise.all(
        (Object.keys(operations) as (keyof typeof operations)[]).map((each) => ask(each)),
      );
      for (const { status, body, headers } of answers) {
        expect([status, body.errors[0].extensions]).toMatchObject([401, { code: 'INTERACTION_REQUIRED', claims }]);
        expect(headers['www-authenticate']).toContain(Buffer.from(claims).toString('base64'));
      }
      expect(exchanges()).toBe(round);
      now += 5_001;
    }
    // A new token, obtained with the claims, is another caller's for the cache.
    emulator.entra.clearFaults();
    expect((await ask('single', await emulator.entra.mintToken())).body.errors).toBeUndefined();
  });
});
