import { GatewayError } from '../errors.ts';
import type { EventLoopDelay } from './event-loop-delay.ts';

/** How many GraphQL requests are inside, what they hold, and what still runs for clients that have gone. */
export interface Admission {
  /** Takes a place for a request. @returns false when there is none, or when the process cannot keep up */
  enter(): boolean;
  leave(): void;
  /** Tells a client to come back: calls `answer` with OVERLOADED, a moment later when many are refused. */
  refuse(answer: (error: GatewayError) => void): void;
  /** Counts work that must end before the process may. */
  begin(): void;
  end(): void;
  /** Whether something still runs: an update outlives the client that sent it. */
  isBusy(): boolean;
  /** Resolves when nothing runs any more. */
  settled(): Promise<void>;
}

export interface AdmissionOptions {
  /** So many requests at once; the next are told to come back. */
  readonly maxInside: number;
  /** Tells whether the process itself can keep up. */
  readonly eventLoop: Pick<EventLoopDelay, 'milliseconds'>;
  /** Milliseconds of a clock that only goes forward. */
  readonly clock?: () => number;
}

/**
 * Refusals leave at about 2000 a second, each at most a second late. A refusal costs a third of an answer, and clients
 * that come back at once would otherwise keep the event loop reading, and leave no turn to those inside.
 */
const REFUSAL_INTERVAL_MS = 0.5;
const MAX_REFUSAL_DELAY_MS = 1000;

/** Mean of a second: new work only makes everybody wait longer. A gateway that is merely full stays far below it. */
const MAX_EVENT_LOOP_DELAY_MS = 500;

/** One long pause, such as that of loading a library, is over when it is measured; the next second must be as bad. */
const PASSING_MS = 1500;

export function createAdmission(options: AdmissionOptions): Admission {
  const { maxInside, eventLoop, clock = () => performance.now() } = options;
  let inside = 0;
  let refused = 0;
  let running = 0;
  let pressedSince: number | undefined;
  let waiting: (() => void)[] = [];
  // One for all: an error's stack would be an eighth of what a refusal costs.
  const overloaded = new GatewayError('OVERLOADED', 'The gateway has more to do than it can; try again.', {
    retryAfterMs: 1000,
  });

  function isPressed(): boolean {
    if (eventLoop.milliseconds() <= MAX_EVENT_LOOP_DELAY_MS) {
      pressedSince = undefined;
      return false;
    }
    pressedSince ??= clock();
    return clock() - pressedSince > PASSING_MS;
  }

  return {
    enter() {
      if (inside >= maxInside || isPressed()) return false;
      inside += 1;
      return true;
    },
    leave() {
      inside -= 1;
    },
    refuse(answer) {
      refused += 1;
      const later = () => {
        refused -= 1;
        answer(overloaded);
      };
      setTimeout(later, Math.min(refused * REFUSAL_INTERVAL_MS, MAX_REFUSAL_DELAY_MS));
    },
    begin() {
      running += 1;
    },
    end() {
      running -= 1;
      if (running > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    isBusy: () => running > 0,
    async settled() {
      if (running > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
