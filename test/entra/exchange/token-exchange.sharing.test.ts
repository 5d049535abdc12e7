import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import { delayed, entraError, type Fault, forRequests, hang } from '../../../src/emulator/faults.ts';
import { sha256 } from '../../../src/entra/callers/caller.ts';
import { createDiscovery } from '../../../src/entra/callers/discovery.ts';
import { createTokenExchange } from '../../../src/entra/exchange/token-exchange.ts';
import { startBudget } from '../../../src/http/budget.ts';
import { createTransport } from '../../../src/http/transport.ts';
import { startOperationRecord } from '../../../src/observability/operation-record.ts';
import type { SharedToken, SharedTokens } from '../../../src/replicas/shared-tokens.ts';

interface Options {
  readonly maxTokens?: number;
  readonly sharedTokens?: SharedTokens;
  readonly requestTimeoutMs?: number;
}

/** The exchange alone, in front of an emulator: what becomes of callers who share one, and of those who leave. */
async function startExchange({ maxTokens, sharedTokens, requestTimeoutMs = 15_000 }: Options = {}) {
  const emulator = await startEmulator();
  const { entra } = emulator;
  const config = { ...loadConfig(emulator.env), requestTimeoutMs };
  const transport = createTransport({ requestTimeoutMs, maxConnectionsPerOrigin: 16 });
  const discovery = createDiscovery({ ...config.entra, transport, requestTimeoutMs });
  const exchange = createTokenExchange({
    config,
    discovery,
    transport,
    random: () => 0,
    sharedTokens,
    ...(maxTokens && { maxTokens }),
  });
  onTestFinished(async () => {
    await transport.close();
    await emulator.close();
  });
  const callerOf = (oid: string) => {
    const authorization = `Bearer ${entra.mintToken({ oid })}`;
    return {
      authorization,
      caller: {
        tenantId: entra.tenantId,
        objectId: oid,
        clientApp: undefined,
        key: oid,
        logHash: oid,
        expiresAt: 0,
        tokenHash: sha256(authorization),
      },
    };
  };
  const requestOf = (caller: ReturnType<typeof callerOf>, milliseconds = requestTimeoutMs) => {
    const budget = startBudget(milliseconds);
    onTestFinished(() => budget.close());
    return { ...caller, budget, record: startOperationRecord() };
  };
  const tokenCalls = () => entra.requests.filter(({ method }) => method === 'POST');
  const respondWith = (fault: Fault) => entra.respondWith(forRequests({ method: 'POST' }, fault));
  return { exchange, callerOf, requestOf, tokenCalls, respondWith };
}

const ofUser = async (token: string | Promise<string>) =>
  JSON.parse(Buffer.from((await token).split('.')[1] ?? '', 'base64url').toString()).oid;

describe('the tokens that are kept', () => {
  it('are bounded: the one that nobody used for longest makes room', async () => {
    const { exchange, callerOf, requestOf, tokenCalls } = await startExchange({ maxTokens: 2 });
    const [ada, ben, cyd] = [callerOf('ada'), callerOf('ben'), callerOf('cyd')];
    for (const caller of [ada, ben, ada, cyd]) await exchange(requestOf(caller));
    expect(tokenCalls()).toHaveLength(3);
    expect(await ofUser(exchange(requestOf(ada)))).toBe('ada');
    expect(tokenCalls()).toHaveLength(3);
    expect(await ofUser(exchange(requestOf(ben)))).toBe('ben');
    expect(tokenCalls()).toHaveLength(4);
  });

  it('are answered at once, without a promise', async () => {
    const { exchange, callerOf, requestOf } = await startExchange();
    const ada = callerOf('ada');
    const token = await exchange(requestOf(ada));
    const request = requestOf(ada);
    expect(exchange(request)).toBe(token);
    expect(request.record).toMatchObject({ tokenCacheHits: 1, tokenCacheMisses: 0, entraCalls: 0 });
  });
});

describe('an exchange that several wait for', () => {
  it('does not end when the client that began it goes', async () => {
    const { exchange, callerOf, requestOf, tokenCalls, respondWith } = await startExchange();
    const ada = callerOf('ada');
    respondWith(delayed(30));
    const first = requestOf(ada);
    const gone = exchange(first);
    const waiting = exchange(requestOf(ada));
    first.budget.cancel();
    await expect(gone).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(await ofUser(waiting)).toBe('ada');
    expect(tokenCalls()).toHaveLength(1);
  });

  it('has its own time: who joins is not hurt by how little its starter had', async () => {
    const { exchange, callerOf, requestOf, tokenCalls, respondWith } = await startExchange();
    await exchange(requestOf(callerOf('who loads the modules')));
    const ada = callerOf('ada');
    respondWith(delayed(120));
    const hurried = exchange(requestOf(ada, 20));
    const patient = exchange(requestOf(ada));
    await expect(hurried).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(await ofUser(patient)).toBe('ada');
    expect(tokenCalls()).toHaveLength(2);
  });

  it('is begun anew for who came late and has time left when its own has run out', async () => {
    const { exchange, callerOf, requestOf, tokenCalls, respondWith } = await startExchange({ requestTimeoutMs: 400 });
    await exchange(requestOf(callerOf('who loads the modules')));
    const ada = callerOf('ada');
    respondWith(hang());
    const first = exchange(requestOf(ada, 10_000));
    const second = exchange(requestOf(ada, 10_000));
    await expect(first).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(await ofUser(second)).toBe('ada');
    expect(tokenCalls()).toHaveLength(3);
  });

  it('is left by who has no time left, and goes on for the others', async () => {
    const { exchange, callerOf, requestOf, tokenCalls, respondWith } = await startExchange();
    const ada = callerOf('ada');
    respondWith(delayed(60));
    const patient = exchange(requestOf(ada));
    await expect(exchange(requestOf(ada, 10))).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(await ofUser(patient)).toBe('ada');
    expect(tokenCalls()).toHaveLength(1);
  });
});

describe('a token that Graph refused', () => {
  it('is replaced once for all who had it', async () => {
    const { exchange, callerOf, requestOf, tokenCalls } = await startExchange();
    const ada = callerOf('ada');
    const rejected = await exchange(requestOf(ada));
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}';
    const tokens = await Promise.all([1, 2, 3].map(() => exchange({ ...requestOf(ada), rejected, claims })));
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(rejected);
    expect(tokenCalls()).toHaveLength(2);
    expect(JSON.parse(tokenCalls()[1]?.form?.claims ?? '{}').access_token).toMatchObject({
      nbf: { essential: true, value: '1700000000' },
      xms_cc: { values: ['cp1'] },
    });
    // Who comes late with the old one gets what the others got.
    expect(await exchange({ ...requestOf(ada), rejected, claims })).toBe(tokens[0]);
    expect(tokenCalls()).toHaveLength(2);
  });
});

describe('a token that Graph refused for want of claims', () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  const stepUp = entraError(50076, { error: 'interaction_required', claims });

  it('stays good for everything else when Entra wants the person for the claims', async () => {
    const { exchange, callerOf, requestOf, tokenCalls, respondWith } = await startExchange();
    const ada = callerOf('ada');
    const token = await exchange(requestOf(ada));
    respondWith(stepUp);
    const wanted = { ...requestOf(ada), rejected: String(token), claims };
    await expect(exchange(wanted)).rejects.toMatchObject({ code: 'INTERACTION_REQUIRED', details: { claims } });
    expect(exchange(requestOf(ada))).toBe(token);
    // The refusal is remembered where it belongs: for these claims, and no others.
    expect(() => exchange(wanted)).toThrow('wants the user');
    expect(tokenCalls()).toHaveLength(2);
    const other = exchange({ ...wanted, claims: claims.replace('c1', 'c2') });
    expect(await ofUser(other)).toBe('ada');
    expect(tokenCalls()).toHaveLength(3);
  });

  it.each([
    ['an outage', { status: 500 }],
    ['an operator’s fault', entraError(7000222, { error: 'invalid_client', status: 401 })],
    ['a caller’s token that is over', entraError(500133)],
  ])('stays good when its exchange ends in %s', async (_how, fault) => {
    const { exchange, callerOf, requestOf, respondWith } = await startExchange();
    const ada = callerOf('ada');
    const token = await exchange(requestOf(ada));
    respondWith({ ...fault, times: 9 });
    await expect(exchange({ ...requestOf(ada), rejected: String(token), claims })).rejects.toThrow();
    expect(exchange(requestOf(ada))).toBe(token);
  });

  it('is given up when Graph refused it outright and there is no other', async () => {
    const { exchange, callerOf, requestOf, tokenCalls, respondWith } = await startExchange();
    const ada = callerOf('ada');
    const rejected = await exchange(requestOf(ada));
    respondWith(entraError(999_999, { error: 'invalid_request' }));
    await expect(exchange({ ...requestOf(ada), rejected })).rejects.toThrow();
    const fresh = await exchange(requestOf(ada));
    expect(fresh).not.toBe(rejected);
    expect(tokenCalls()).toHaveLength(3);
  });
});

describe('what replicas share', () => {
  /** Another replica's memory. */
  function sharedMemory() {
    const tokens = new Map<string, SharedToken>();
    const asked: unknown[] = [];
    const sharedTokens: SharedTokens = {
      async get({ assertion }, rejected) {
        asked.push([assertion, rejected?.token]);
        const token = tokens.get(assertion);
        return token?.token === rejected?.token ? undefined : token;
      },
      set: ({ assertion }, token) => void tokens.set(assertion, token),
    };
    return { tokens, asked, sharedTokens };
  }
  const sharedToken = (token: string): SharedToken => {
    const obtainedAt = Date.now();
    return { token, obtainedAt, expiresAt: obtainedAt + 60_000 };
  };
  const assertionOf = ({ authorization }: { authorization: string }) => authorization.replace('Bearer ', '');

  it('is asked once before Entra, and then kept', async () => {
    const { tokens, asked, sharedTokens } = sharedMemory();
    const { exchange, callerOf, requestOf, tokenCalls } = await startExchange({ sharedTokens });
    const ada = callerOf('ada');
    tokens.set(assertionOf(ada), sharedToken('of another replica'));
    expect(await Promise.all([1, 2, 3].map(() => exchange(requestOf(ada))))).toEqual(
      Array(3).fill('of another replica'),
    );
    expect(exchange(requestOf(ada))).toBe('of another replica');
    expect(asked).toEqual([[assertionOf(ada), undefined]]);
    expect(tokenCalls()).toEqual([]);
  });

  it('gets what Entra gave, with the margin before its end taken off', async () => {
    const { tokens, sharedTokens } = sharedMemory();
    const { exchange, callerOf, requestOf } = await startExchange({ sharedTokens });
    const ada = callerOf('ada');
    const token = await exchange(requestOf(ada));
    expect(tokens.get(assertionOf(ada))?.token).toBe(token);
    const left = Number(tokens.get(assertionOf(ada))?.expiresAt) - Date.now();
    expect(left).toBeGreaterThan(3_900_000);
    expect(left).toBeLessThan(3_950_000);
  });

  it('is asked for a token in the place of a refused one, and for each one that it gave', async () => {
    const { tokens, asked, sharedTokens } = sharedMemory();
    const { exchange, callerOf, requestOf, tokenCalls } = await startExchange({ sharedTokens });
    const ada = callerOf('ada');
    const first = await exchange(requestOf(ada));
    expect(exchange.isShared?.(ada.caller, first)).toBe(false);
    tokens.set(assertionOf(ada), sharedToken('newer'));
    expect(await exchange({ ...requestOf(ada), rejected: first })).toBe('newer');
    expect(exchange.isShared?.(ada.caller, 'newer')).toBe(true);
    const fresh = await exchange({ ...requestOf(ada), rejected: 'newer' });
    expect(await ofUser(fresh)).toBe('ada');
    expect(asked.slice(1)).toEqual([first, 'newer'].map((rejected) => [assertionOf(ada), rejected]));
    expect([tokenCalls().length, tokens.get(assertionOf(ada))?.token]).toEqual([2, fresh]);
  });

  it('is not waited for where it knows at once that it has nothing', async () => {
    const { exchange, callerOf, requestOf } = await startExchange({
      sharedTokens: { get: () => undefined, set() {} },
    });
    expect(await ofUser(exchange(requestOf(callerOf('ada'))))).toBe('ada');
  });

  it('is never told of a refusal', async () => {
    const { tokens, sharedTokens } = sharedMemory();
    const { exchange, callerOf, requestOf, respondWith } = await startExchange({ sharedTokens });
    respondWith(entraError(50105));
    await expect(exchange(requestOf(callerOf('ada')))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(tokens.size).toBe(0);
  });
});
