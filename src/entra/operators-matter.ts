import type { GatewayError } from '../errors.ts';

/** Entra's servers do not all learn at once of a new secret: one refusal among answers must not shut others out for long. */
const FIRST_REMEMBERED_MS = 1_000;
/** Seconds, not minutes: who has mended the setting must not wait to see it. */
const LONGEST_REMEMBERED_MS = 5_000;

/**
 * A refusal that only the operator can mend, such as an expired secret: it is the same for everybody, so for a second
 * nobody asks Entra for it again, and then one tries for all. Refusals in a row are remembered for longer, up to five
 * seconds.
 */
export interface OperatorsMatter {
  remember(refusal: GatewayError): void;
  /** @throws the refusal, unless it is this caller's turn to try again */
  check(): void;
  /** Entra has accepted the gateway. */
  forget(): void;
}

interface Remembered {
  readonly refusal: GatewayError;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly forMs: number;
}

/** @param clock milliseconds since 1970 */
export function createOperatorsMatter(clock: () => number): OperatorsMatter {
  let known: Remembered | undefined;
  /** Whether somebody has asked Entra again since it was remembered. */
  let tried = false;
  return {
    remember(refusal) {
      // Those who asked at the same time are refused together: that is one refusal.
      if (known !== undefined && !tried) return;
      const forMs = known === undefined ? FIRST_REMEMBERED_MS : Math.min(known.forMs * 2, LONGEST_REMEMBERED_MS);
      known = { refusal, at: clock(), forMs };
      tried = false;
    },
    check() {
      if (known === undefined) return;
      const { refusal, at, forMs } = known;
      if (Math.abs(clock() - at) < forMs) throw refusal;
      // The others keep to the refusal until this one knows more, but no longer than before: it may hang.
      known = { refusal, at: clock(), forMs };
      tried = true;
    },
    forget() {
      known = undefined;
    },
  };
}
