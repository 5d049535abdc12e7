import type { GatewayError } from '../../errors.ts';

/**
 * So many refusals in a row are believed. Entra's servers do not all learn at once of a new secret, so one of them may
 * refuse what the next accepts: a single refusal is no reason to keep others from Entra.
 */
const BELIEVED = 2;
const FIRST_HELD_MS = 1_000;
/** Seconds, not minutes: who has mended the setting must not wait to see it. */
const LONGEST_HELD_MS = 5_000;

/**
 * A refusal that only the operator can mend, such as an expired secret: it is the same for everybody, so when it comes
 * again nobody asks Entra for a second, and then one tries for all. Each refusal after that holds for twice as long, up
 * to five seconds.
 */
export interface OperatorsMatter {
  remember(refusal: GatewayError): void;
  /** @throws the refusal, unless it is this caller's turn to try again */
  check(): void;
  /** Entra has accepted the gateway. */
  forget(): void;
}

interface Held {
  readonly refusal: GatewayError;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly forMs: number;
  /** Whether somebody has asked Entra again. */
  readonly tried: boolean;
}

/** @param clock milliseconds since 1970 */
export function createOperatorsMatter(clock: () => number): OperatorsMatter {
  let refusals = 0;
  let held: Held | undefined;
  return {
    remember(refusal) {
      refusals += 1;
      // Those who asked before it was believed are refused with it.
      if (refusals < BELIEVED || held?.tried === false) return;
      const forMs = held === undefined ? FIRST_HELD_MS : Math.min(held.forMs * 2, LONGEST_HELD_MS);
      held = { refusal, since: clock(), forMs, tried: false };
    },
    check() {
      if (held === undefined) return;
      if (Math.abs(clock() - held.since) < held.forMs) throw held.refusal;
      // The others keep to the refusal until this one knows more, but no longer than before: it may hang.
      held = { ...held, since: clock(), tried: true };
    },
    forget() {
      refusals = 0;
      held = undefined;
    },
  };
}
