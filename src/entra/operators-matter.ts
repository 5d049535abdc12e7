import type { GatewayError } from '../errors.ts';

/** Seconds, not minutes: who has mended the setting must not wait to see it. */
const REMEMBERED_MS = 5_000;

/**
 * A refusal that only the operator can mend, such as an expired secret: it is the same for everybody, so for some seconds
 * nobody asks Entra for it again, and then one tries for all.
 */
export interface OperatorsMatter {
  remember(refusal: GatewayError): void;
  /** @throws the refusal, unless it is this caller's turn to try again */
  check(): void;
  /** Entra has accepted the gateway. */
  forget(): void;
}

export function createOperatorsMatter(clock: () => number): OperatorsMatter {
  let known: { readonly refusal: GatewayError; readonly at: number } | undefined;
  return {
    remember(refusal) {
      known = { refusal, at: clock() };
    },
    check() {
      if (known === undefined) return;
      const { refusal, at } = known;
      if (Math.abs(clock() - at) < REMEMBERED_MS) throw refusal;
      // The others keep to the refusal until this one knows more, but no longer than before: it may hang.
      known = { refusal, at: clock() };
    },
    forget() {
      known = undefined;
    },
  };
}
