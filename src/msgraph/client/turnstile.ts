import { GatewayError } from '../../errors.ts';
import type { Budget, BudgetEnd, BudgetListener } from '../../http/budget.ts';
import { HttpFailure } from '../../http/http-failure.ts';

/** No wait of Graph's is longer; a date that went wrong must not silence the gateway for days. */
const MAX_HOLD_MS = 60 * 60 * 1000;

/**
 * Where calls to Graph wait their turn: so many at once, none while Graph throttles the tenant, and callers served in
 * turn, so that one busy caller cannot starve the rest.
 */
export interface Turnstile {
  /**
   * Waits for a place; undefined when there is one at once. Each call that entered must `leave`.
   * @throws GatewayError OVERLOADED when too many wait, THROTTLED when Graph's wait does not fit the budget
   * @throws HttpFailure when the budget ends first
   */
  enter(callerKey: string, budget: Budget): Promise<void> | undefined;
  /** @returns true when somebody waited for the place and has it now */
  leave(): boolean;
  /** Graph asked for silence, this process or (`replica`) another one: nobody enters for so many milliseconds. */
  holdBack(milliseconds: number, askedOf?: HoldBack['askedOf']): void;
  readonly waiting: number;
  /** Calls that have a place. */
  readonly inside: number;
  /** Milliseconds until somebody may enter again; 0 when Graph asks for no silence. */
  readonly heldForMs: number;
}

/** A silence that Graph asked for begins, turns out longer than it was known to be, or ends. */
export interface HoldBack {
  readonly step: 'begins' | 'grows' | 'ends';
  /** How long it is from now. */
  readonly milliseconds: number;
  /** Whom Graph asked: what this process learnt itself is news to the others. */
  readonly askedOf: 'this process' | 'replica';
}

export interface TurnstileOptions {
  readonly maxConcurrency: number;
  /** How many may wait before the gateway sheds load. */
  readonly maxWaiting: number;
  /** Told of each silence. */
  readonly onHoldBack?: (holdBack: HoldBack) => void;
}

interface Waiter extends BudgetListener {
  readonly budget: Budget;
  enter(): void;
  refuse(error: Error): void;
}

export function createTurnstile(options: TurnstileOptions): Turnstile {
  const { onHoldBack } = options;
  /** Each caller's waiters in order; the map's own order is whose turn it is. */
  const queues = new Map<string, Set<Waiter>>();
  let waiting = 0;
  let inside = 0;
  let heldUntil = 0;
  let wakeUp: NodeJS.Timeout | undefined;

  const heldFor = () => heldUntil - performance.now();

  function admit() {
    while (inside < options.maxConcurrency && heldFor() <= 0) {
      const next = queues.entries().next().value;
      if (next === undefined) return;
      const [callerKey, queue] = next;
      const [waiter] = queue;
      queues.delete(callerKey);
      if (waiter === undefined) continue;
      // Behind everybody else's next one.
      if (queue.size > 1) queues.set(callerKey, queue);
      queue.delete(waiter);
      waiting -= 1;
      inside += 1;
      waiter.enter();
    }
  }

  function endHoldBack(askedOf: HoldBack['askedOf']) {
    wakeUp = undefined;
    onHoldBack?.({ step: 'ends', milliseconds: 0, askedOf });
    admit();
  }

  function wait(callerKey: string, budget: Budget): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = queues.get(callerKey) ?? new Set();
      const waiter: Waiter = {
        budget,
        budgetEnded: (end: BudgetEnd) => waiter.refuse(new HttpFailure(end, false)),
        enter() {
          budget.forget(waiter);
          resolve();
        },
        refuse(error) {
          budget.forget(waiter);
          if (queue.delete(waiter)) waiting -= 1;
          if (queue.size === 0 && queues.get(callerKey) === queue) queues.delete(callerKey);
          reject(error);
        },
      };
      budget.listen(waiter);
      queue.add(waiter);
      queues.set(callerKey, queue);
      waiting += 1;
    });
  }

  /** In a full queue the newest waiter of whoever has most there gives way: one caller cannot shut the others out. */
  function makeRoom(callerKey: string) {
    const own = queues.get(callerKey)?.size ?? 0;
    let longest: ReadonlySet<Waiter> = new Set();
    for (const queue of queues.values()) if (queue.size > longest.size) longest = queue;
    const newest = [...longest].at(-1);
    if (newest === undefined || longest.size <= own + 1) throw overloaded();
    newest.refuse(overloaded());
  }

  return {
    get waiting() {
      return waiting;
    },
    get inside() {
      return inside;
    },
    get heldForMs() {
      return Math.max(0, heldFor());
    },
    enter(callerKey, budget) {
      if (budget.ended !== undefined) throw new HttpFailure(budget.ended, false);
      const held = heldFor();
      if (held > budget.remaining()) throw throttled(held);
      if (held <= 0 && inside < options.maxConcurrency && waiting === 0) {
        inside += 1;
        return undefined;
      }
      if (waiting >= options.maxWaiting) makeRoom(callerKey);
      return wait(callerKey, budget);
    },
    leave() {
      inside -= 1;
      if (waiting === 0) return false;
      const before = waiting;
      admit();
      return waiting < before;
    },
    holdBack(asked, askedOf = 'this process') {
      const milliseconds = Math.min(asked, MAX_HOLD_MS);
      if (milliseconds <= Math.max(0, heldFor())) return;
      const step = wakeUp === undefined ? 'begins' : 'grows';
      heldUntil = performance.now() + milliseconds;
      clearTimeout(wakeUp);
      wakeUp = setTimeout(endHoldBack, milliseconds + 1, askedOf);
      wakeUp.unref();
      onHoldBack?.({ step, milliseconds, askedOf });
      for (const queue of [...queues.values()]) {
        for (const waiter of [...queue]) {
          if (waiter.budget.remaining() < milliseconds) waiter.refuse(throttled(asked));
        }
      }
    },
  };
}

function throttled(waitMs: number): GatewayError {
  return new GatewayError('THROTTLED', 'Microsoft Graph is throttling this tenant.', { retryAfterMs: waitMs });
}

function overloaded(): GatewayError {
  return new GatewayError('OVERLOADED', 'The gateway has more to do than it can; try again.', { retryAfterMs: 1000 });
}
