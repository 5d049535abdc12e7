import { GatewayError } from '../../errors.ts';
import type { RetryBudget } from '../../http/retry-budget.ts';
import type { CallerLimit } from '../../replicas/caller-limit.ts';

/**
 * How many requests to Graph a caller may still cause, entries of a batch counted one by one: what makes Graph throttle
 * the tenant is everybody's loss. Repetitions and looks back count too, but only what begins is refused. A repetition
 * that the caller cannot pay is not made, and the failure before it is the answer. The look that tells what became of
 * an update is always made. What is asked in another way because Graph would not take it (a batch, a property that its
 * type has dropped) was paid before.
 */
export interface Allowance {
  /**
   * Spends for requests that are about to begin: all of them, or none.
   * @returns the refusal when so many are not left; a promise only where replicas must be asked
   */
  spend(callerKey: string, requests: number): GatewayError | undefined | Promise<GatewayError | undefined>;
  /** Whether a request that failed may be made again; if so, it is paid. */
  mayRepeat(callerKey: string, requests: number): boolean | Promise<boolean>;
}

export interface AllowanceOptions {
  readonly limit: CallerLimit;
  readonly retryBudget: RetryBudget;
}

export function createAllowance({ limit, retryBudget }: AllowanceOptions): Allowance {
  return {
    spend(callerKey, requests) {
      const wait = limit.spend(callerKey, requests);
      return wait instanceof Promise ? wait.then(refusal) : refusal(wait);
    },
    mayRepeat(callerKey, requests) {
      if (!retryBudget.take()) return false;
      const wait = limit.spend(callerKey, requests);
      return wait instanceof Promise ? wait.then((each) => each === undefined) : wait === undefined;
    },
  };
}

function refusal(waitMs: number | undefined): GatewayError | undefined {
  if (waitMs === undefined) return undefined;
  return new GatewayError(
    'RATE_LIMITED',
    'This would cause more requests to Microsoft Graph than one caller may cause in a minute. Nothing of it was sent.',
    { retryAfterMs: waitMs },
  );
}
