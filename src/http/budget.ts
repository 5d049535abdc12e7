/** Why a budget ended before its operation did. */
export type BudgetEnd = 'timeout' | 'cancelled';

/** Whoever must act when a budget ends. */
export interface BudgetListener {
  budgetEnded(end: BudgetEnd): void;
}

/** The time that one GraphQL operation may take in all: exchange, attempts and waits included. */
export interface Budget {
  /** Milliseconds left, never below 0. */
  remaining(): number;
  /** Set once the client has gone; time may still run out after that, for what outlives the client. */
  readonly ended: BudgetEnd | undefined;
  /** Has the listener told of each end of the budget, until it is forgotten. */
  listen(listener: BudgetListener): void;
  forget(listener: BudgetListener): void;
  /** The client has gone: nobody waits for the answer any more. */
  cancel(): void;
  /** The operation is over: frees the timer. */
  close(): void;
}

interface RunningBudget extends Budget {
  ended: BudgetEnd | undefined;
  readonly deadline: number;
  listeners: BudgetListener[];
  timer: NodeJS.Timeout | undefined;
}

/**
 * Starts a budget of `milliseconds`. There is one for each request, so it is an object of one shape with functions that
 * all share, and one plain timer: an AbortSignal costs several times as much.
 */
export function startBudget(milliseconds: number): Budget {
  const budget: RunningBudget = {
    ended: undefined,
    deadline: performance.now() + milliseconds,
    listeners: [],
    timer: undefined,
    remaining,
    listen,
    forget,
    cancel,
    close,
  };
  budget.timer = setTimeout(end, milliseconds, budget, 'timeout');
  return budget;
}

function remaining(this: RunningBudget): number {
  return this.ended === 'timeout' ? 0 : Math.max(0, this.deadline - performance.now());
}

function listen(this: RunningBudget, listener: BudgetListener): void {
  this.listeners.push(listener);
}

function forget(this: RunningBudget, listener: BudgetListener): void {
  const index = this.listeners.indexOf(listener);
  if (index !== -1) this.listeners.splice(index, 1);
}

function cancel(this: RunningBudget): void {
  if (this.ended === undefined) end(this, 'cancelled');
}

function close(this: RunningBudget): void {
  clearTimeout(this.timer);
  this.listeners = [];
}

function end(budget: RunningBudget, why: BudgetEnd): void {
  budget.ended = why;
  for (const listener of [...budget.listeners]) listener.budgetEnded(why);
}
