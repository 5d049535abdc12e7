/** Why a budget ended before its operation did. */
export type BudgetEnd = 'timeout' | 'cancelled';

/** The time that one GraphQL operation may take in all: exchange, attempts and waits included. */
export interface Budget {
  /** Milliseconds left, never below 0. */
  remaining(): number;
  /** Set once the client has gone; time may still run out after that, for what outlives the client. */
  readonly ended: BudgetEnd | undefined;
  /** Calls `listener` when the budget ends, for each of its two ends; returns what stops listening. */
  onEnd(listener: (end: BudgetEnd) => void): () => void;
  /** The client has gone: nobody waits for the answer any more. */
  cancel(): void;
  /** The operation is over: frees the timer. */
  close(): void;
}

/**
 * Starts a budget of `milliseconds`. It uses one plain timer: an AbortSignal per request costs several times as much.
 */
export function startBudget(milliseconds: number): Budget {
  const deadline = performance.now() + milliseconds;
  const listeners = new Set<(end: BudgetEnd) => void>();
  let ended: BudgetEnd | undefined;
  const end = (why: BudgetEnd) => {
    ended = why;
    for (const listener of [...listeners]) listener(why);
  };
  const timer = setTimeout(end, milliseconds, 'timeout');
  return {
    remaining: () => (ended === 'timeout' ? 0 : Math.max(0, deadline - performance.now())),
    get ended() {
      return ended;
    },
    onEnd(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    cancel: () => {
      if (ended === undefined) end('cancelled');
    },
    close() {
      clearTimeout(timer);
      listeners.clear();
    },
  };
}
