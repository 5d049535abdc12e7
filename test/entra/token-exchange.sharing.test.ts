import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { delayed, type Fault, forRequests, hang } from '../../src/emulator/faults.ts';
import { sha256 } from '../../src/entra/caller.ts';
import { createDiscovery } from '../../src/entra/discovery.ts';
import { createTokenExchange } from '../../src/entra/token-exchange.ts';
import { startBudget } from '../../src/http/budget.ts';
import { createTransport } from '../../src/http/transport.ts';
import { startOperationRecord } from '../../src/observability/operation-record.ts';

/** The exchange alone, in front of an emulator: what becomes of callers who share one, and of those who leave. */
async function startExchange(maxTokens?: number) {
  const emulator = await startEmulator();
  const { entra } = emulator;
  const config = loadConfig(emulator.env);
  const requestTimeoutMs = 15_000;
  const transport = createTransport({ requestTimeoutMs, maxConnectionsPerOrigin: 16 });
  const discovery = createDiscovery({ ...config.entra, transport, requestTimeoutMs });
  const exchange = createTokenExchange({
    config,
    discovery,
    transport,
    random: () => 0,
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
    onTestFinished(budget.close);
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
    const { exchange, callerOf, requestOf, tokenCalls } = await startExchange(2);
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

  it('is begun anew for who has time left when the time of the first has run out', async () => {
    const { exchange, callerOf, requestOf, tokenCalls, respondWith } = await startExchange();
    await exchange(requestOf(callerOf('who loads the modules')));
    const ada = callerOf('ada');
    respondWith(hang());
    const hurried = exchange(requestOf(ada, 50));
    const patient = exchange(requestOf(ada));
    await expect(hurried).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(await ofUser(patient)).toBe('ada');
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
