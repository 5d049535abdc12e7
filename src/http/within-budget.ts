import type { Budget, BudgetListener } from './budget.ts';
import { HttpFailure } from './http-failure.ts';

/** Waits for work that others may wait for too: leaving early when the budget ends does not stop it. @throws HttpFailure */
export function withinBudget<T>(work: Promise<T>, budget: Budget): Promise<T> {
  return new Promise((resolve, reject) => {
    const listener: BudgetListener = { budgetEnded: (end) => reject(new HttpFailure(end, false)) };
    budget.listen(listener);
    // Also when it is too late already: a failure that nobody waits for must not end the process.
    work.then(resolve, reject).finally(() => budget.forget(listener));
    if (budget.ended !== undefined) reject(new HttpFailure(budget.ended, false));
  });
}

/** Sleeps for `milliseconds` inside the budget. @throws HttpFailure when the budget ends first */
export function pause(milliseconds: number, budget: Budget): Promise<void> {
  return new Promise((resolve, reject) => {
    if (budget.ended !== undefined) return reject(new HttpFailure(budget.ended, false));
    const listener: BudgetListener = {
      budgetEnded(end) {
        clearTimeout(timer);
        budget.forget(listener);
        reject(new HttpFailure(end, false));
      },
    };
    budget.listen(listener);
    const timer = setTimeout(() => {
      budget.forget(listener);
      resolve();
    }, milliseconds);
  });
}
