import type { Budget } from './budget.ts';
import { HttpFailure } from './http-failure.ts';

/** Waits for work that others may wait for too: leaving early when the budget ends does not stop it. @throws HttpFailure */
export function withinBudget<T>(work: Promise<T>, budget: Budget): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = budget.onEnd((end) => reject(new HttpFailure(end, false)));
    // Also when it is too late already: a failure that nobody waits for must not end the process.
    work.then(resolve, reject).finally(stop);
    if (budget.ended !== undefined) reject(new HttpFailure(budget.ended, false));
  });
}

/** Sleeps for `milliseconds` inside the budget. @throws HttpFailure when the budget ends first */
export function pause(milliseconds: number, budget: Budget): Promise<void> {
  return new Promise((resolve, reject) => {
    if (budget.ended !== undefined) return reject(new HttpFailure(budget.ended, false));
    const stop = budget.onEnd((end) => {
      clearTimeout(timer);
      reject(new HttpFailure(end, false));
    });
    const timer = setTimeout(() => {
      stop();
      resolve();
    }, milliseconds);
  });
}
