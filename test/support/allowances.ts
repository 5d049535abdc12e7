import { createRetryBudget } from '../../src/http/retry-budget.ts';
import { createAllowance } from '../../src/msgraph/client/allowance.ts';
import { createCallerLimit } from '../../src/replicas/caller-limit.ts';

/** What a Graph client needs of limits, with so many requests in a minute for each caller, or any number. */
export function allowances(requestsPerMinute = 0) {
  const retryBudget = createRetryBudget();
  const limit = createCallerLimit({ pointsPerMinute: requestsPerMinute });
  return { retryBudget, allowance: createAllowance({ limit, retryBudget }) };
}
