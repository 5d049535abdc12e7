import { describe, expect, it, onTestFinished } from 'vitest';
import { startBudget } from '../../src/http/budget.ts';
import { HttpFailure } from '../../src/http/http-failure.ts';
import { pause, withinBudget } from '../../src/http/within-budget.ts';

function budgetOf(milliseconds: number) {
  const budget = startBudget(milliseconds);
  onTestFinished(() => budget.close());
  return budget;
}
const never = () => new Promise<never>(() => undefined);

describe('a budget', () => {
  it('counts down to 0 and tells why it ended', async () => {
    const budget = budgetOf(10);
    expect(budget.remaining()).toBeGreaterThan(0);
    expect(budget.ended).toBeUndefined();
    expect(await new Promise((resolve) => budget.listen({ budgetEnded: resolve }))).toBe('timeout');
    expect(budget.ended).toBe('timeout');
    expect(budget.remaining()).toBe(0);
  });

  it('that was cancelled still runs out, for what outlives the client', async () => {
    const budget = budgetOf(10);
    const ends: string[] = [];
    const twice = new Promise<void>((resolve) =>
      budget.listen({ budgetEnded: (end) => ends.push(end) === 2 && resolve() }),
    );
    budget.cancel();
    budget.cancel();
    expect(budget.ended).toBe('cancelled');
    await twice;
    expect(ends).toEqual(['cancelled', 'timeout']);
  });

  it('tells nobody who stopped listening, and nobody once it is closed', () => {
    const budget = budgetOf(60_000);
    const told: string[] = [];
    const first = { budgetEnded: () => told.push('first') };
    budget.listen(first);
    budget.listen({ budgetEnded: () => told.push('second') });
    budget.forget(first);
    budget.forget(first);
    budget.close();
    budget.cancel();
    expect(told).toEqual([]);
  });
});

describe('work within a budget', () => {
  it('that ended before is not waited for, and may fail without anybody to tell', async () => {
    const budget = budgetOf(60_000);
    budget.cancel();
    const failing = Promise.reject(new Error('its own'));
    await expect(withinBudget(failing, budget)).rejects.toMatchObject({ kind: 'cancelled', sent: false });
    // An unhandled rejection, which would end the process, shows by the next turn of the loop.
    await new Promise(setImmediate);
  });

  it('answers what the work answers', async () => {
    await expect(withinBudget(Promise.resolve('done'), budgetOf(60_000))).resolves.toBe('done');
    await expect(withinBudget(Promise.reject(new Error('its own')), budgetOf(60_000))).rejects.toThrow('its own');
  });

  it.each([
    ['runs out', 'timeout', () => budgetOf(5)],
    [
      'was over before',
      'cancelled',
      () => {
        const budget = budgetOf(60_000);
        budget.cancel();
        return budget;
      },
    ],
  ] as const)('fails when the budget %s', async (_when, kind, start) => {
    await expect(withinBudget(never(), start())).rejects.toEqual(new HttpFailure(kind, false));
    await expect(pause(60_000, start())).rejects.toMatchObject({ kind });
  });

  it('is left when the client goes', async () => {
    const budget = budgetOf(60_000);
    const [work, wait] = [withinBudget(never(), budget), pause(60_000, budget)];
    budget.cancel();
    await expect(work).rejects.toMatchObject({ kind: 'cancelled', sent: false });
    await expect(wait).rejects.toMatchObject({ kind: 'cancelled', sent: false });
  });

  it('may pause', async () => {
    await expect(pause(1, budgetOf(60_000))).resolves.toBeUndefined();
  });
});
