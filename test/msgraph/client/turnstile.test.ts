import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Budget, startBudget } from '../../../src/http/budget.ts';
import { createTurnstile, type HoldBack, type Turnstile } from '../../../src/msgraph/client/turnstile.ts';

function budgetOf(milliseconds = 10_000): Budget {
  const budget = startBudget(milliseconds);
  onTestFinished(() => budget.close());
  return budget;
}

/** Lets `names` in one after another as places become free, and notes their order. */
function crowd(turnstile: Turnstile) {
  const entered: string[] = [];
  const refused: string[] = [];
  return {
    entered,
    refused,
    async arrive(caller: string, name = caller, budget = budgetOf()) {
      try {
        await turnstile.enter(caller, budget);
        entered.push(name);
      } catch (failure) {
        refused.push(
          `${name}: ${(failure as { code?: string; kind?: string }).code ?? (failure as { kind: string }).kind}`,
        );
      }
    },
  };
}

/** Frees one place after another until nobody waits. */
async function serveAll(turnstile: Turnstile) {
  while (turnstile.waiting > 0) {
    turnstile.leave();
    await Promise.resolve();
  }
  await sleep(0);
}

describe('a free place', () => {
  it('is taken without waiting', () => {
    const turnstile = createTurnstile({ maxConcurrency: 2, maxWaiting: 0 });
    expect(turnstile.enter('a', budgetOf())).toBeUndefined();
    expect(turnstile.enter('a', budgetOf())).toBeUndefined();
    expect(() => turnstile.enter('a', budgetOf())).toThrow(expect.objectContaining({ code: 'OVERLOADED' }));
  });

  it('goes to nobody whose time is over', () => {
    const turnstile = createTurnstile({ maxConcurrency: 1, maxWaiting: 1 });
    const gone = budgetOf();
    gone.cancel();
    expect(() => turnstile.enter('a', gone)).toThrow(expect.objectContaining({ kind: 'cancelled', sent: false }));
    expect(turnstile.enter('b', budgetOf())).toBeUndefined();
  });
});

describe('waiting callers', () => {
  it('are served in turn, however many calls one of them has', async () => {
    const turnstile = createTurnstile({ maxConcurrency: 1, maxWaiting: 100 });
    turnstile.enter('first', budgetOf());
    const { arrive, entered } = crowd(turnstile);
    for (const number of [1, 2, 3, 4]) void arrive('busy', `busy ${number}`);
    for (const caller of ['b', 'c']) for (const number of [1, 2]) void arrive(caller, `${caller} ${number}`);
    await serveAll(turnstile);
    expect(entered).toStrictEqual(['busy 1', 'b 1', 'c 1', 'busy 2', 'b 2', 'c 2', 'busy 3', 'busy 4']);
  });

  it('lose their place when their client goes or their time ends, and hold up nobody', async () => {
    const turnstile = createTurnstile({ maxConcurrency: 1, maxWaiting: 100 });
    turnstile.enter('first', budgetOf());
    const { arrive, entered, refused } = crowd(turnstile);
    const leaving = budgetOf();
    const waits = [arrive('a', 'a', leaving), arrive('b', 'b', budgetOf(5)), arrive('c')];
    leaving.cancel();
    expect(turnstile.waiting).toBe(2);
    await waits[1];
    expect(refused).toStrictEqual(['a: cancelled', 'b: timeout']);
    await serveAll(turnstile);
    expect(entered).toStrictEqual(['c']);
  });

  it('never let more in than there are places, lose nobody, and leave no trace', async () => {
    const step = fc.record({
      caller: fc.constantFrom('a', 'b', 'c'),
      act: fc.constantFrom('enter', 'leave', 'cancel'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), async (steps, places) => {
        const turnstile = createTurnstile({ maxConcurrency: places, maxWaiting: 5 });
        const open: Budget[] = [];
        let [inside, settled, arrived] = [0, 0, 0];
        for (const { caller, act } of steps) {
          if (act === 'leave' && inside > 0) {
            inside -= 1;
            turnstile.leave();
          } else if (act === 'cancel') open.shift()?.cancel();
          else {
            const budget = startBudget(10_000);
            open.push(budget);
            arrived += 1;
            const enter = async () => turnstile.enter(caller, budget);
            void enter()
              .then(
                () => {
                  inside += 1;
                },
                () => {},
              )
              .finally(() => {
                settled += 1;
                budget.close();
              });
          }
          await sleep(0);
          expect(inside).toBeLessThanOrEqual(places);
          expect(turnstile.waiting).toBe(arrived - settled);
          expect(turnstile.waiting === 0 || inside === places).toBe(true);
        }
        for (const budget of open) budget.close();
      }),
      { numRuns: 30 },
    );
  });
});

describe('a full queue', () => {
  it('sheds a caller who has most there, and takes in one who has less', async () => {
    const turnstile = createTurnstile({ maxConcurrency: 1, maxWaiting: 3 });
    turnstile.enter('first', budgetOf());
    const { arrive, entered, refused } = crowd(turnstile);
    for (const number of [1, 2, 3, 4]) void arrive('busy', `busy ${number}`);
    void arrive('b');
    await sleep(0);
    expect(refused).toStrictEqual(['busy 4: OVERLOADED', 'busy 3: OVERLOADED']);
    expect(turnstile.waiting).toBe(3);
    await serveAll(turnstile);
    expect(entered).toStrictEqual(['busy 1', 'b', 'busy 2']);
  });
});

describe('while Graph asked for silence', () => {
  it('nobody enters, and who was waiting enters afterwards in turn', async () => {
    const turnstile = createTurnstile({ maxConcurrency: 1, maxWaiting: 10 });
    const { arrive, entered } = crowd(turnstile);
    turnstile.holdBack(20);
    const waits = [arrive('a', 'a 1'), arrive('a', 'a 2'), arrive('b', 'b 1')];
    await sleep(5);
    expect(entered).toStrictEqual([]);
    await waits[0];
    expect(entered).toStrictEqual(['a 1']);
    await serveAll(turnstile);
    expect(entered).toStrictEqual(['a 1', 'b 1', 'a 2']);
  });

  it('who cannot wait so long is told at once for how long', async () => {
    const turnstile = createTurnstile({ maxConcurrency: 1, maxWaiting: 10 });
    turnstile.enter('first', budgetOf());
    const { arrive, refused } = crowd(turnstile);
    const waiting = arrive('a', 'a', budgetOf(1_000));
    turnstile.holdBack(5_000);
    await waiting;
    expect(refused).toStrictEqual(['a: THROTTLED']);
    expect(() => turnstile.enter('b', budgetOf(1_000))).toThrow(
      expect.objectContaining({ code: 'THROTTLED', retryAfterSeconds: 5 }),
    );
  });

  it('a shorter wait named later does not end the longer one', async () => {
    const turnstile = createTurnstile({ maxConcurrency: 1, maxWaiting: 10 });
    turnstile.holdBack(60_000);
    turnstile.holdBack(1);
    expect(() => turnstile.enter('a', budgetOf(1_000))).toThrow(
      expect.objectContaining({ code: 'THROTTLED', retryAfterSeconds: 60 }),
    );
  });

  it('tells of its beginning, of a longer one, and of its end, and who was asked', async () => {
    const told: HoldBack[] = [];
    const turnstile = createTurnstile({ maxConcurrency: 1, maxWaiting: 10, onHoldBack: (each) => told.push(each) });
    turnstile.holdBack(0);
    turnstile.holdBack(10);
    turnstile.holdBack(5);
    turnstile.holdBack(25, 'replica');
    await turnstile.enter('a', budgetOf());
    expect(told).toStrictEqual([
      { step: 'begins', milliseconds: 10, askedOf: 'this process' },
      { step: 'grows', milliseconds: 25, askedOf: 'replica' },
      { step: 'ends', milliseconds: 0, askedOf: 'replica' },
    ]);
    turnstile.holdBack(1);
    expect(told.at(-1)).toStrictEqual({ step: 'begins', milliseconds: 1, askedOf: 'this process' });
  });

  it('a wait of years is kept for an hour: a date gone wrong must not silence the gateway', () => {
    const turnstile = createTurnstile({ maxConcurrency: 1, maxWaiting: 10 });
    turnstile.holdBack(1e12);
    expect(() => turnstile.enter('a', budgetOf(1_000))).toThrow(expect.objectContaining({ retryAfterSeconds: 3_600 }));
  });
});
