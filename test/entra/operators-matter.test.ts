import { describe, expect, it } from 'vitest';
import { createOperatorsMatter } from '../../src/entra/operators-matter.ts';
import { internalError } from '../../src/errors.ts';

function scene() {
  let now = 1_000_000;
  const matter = createOperatorsMatter(() => now);
  const refusal = internalError({ hint: 'the secret has expired' });
  const isHeld = () => {
    try {
      matter.check();
      return false;
    } catch (failure) {
      expect(failure).toBe(refusal);
      return true;
    }
  };
  /** How long everybody is refused, until one may try. */
  const heldMs = () => {
    const since = now;
    while (isHeld()) now += 100;
    return now - since;
  };
  return {
    matter,
    refusal,
    isHeld,
    heldMs,
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('a refusal that only the operator can mend', () => {
  it('holds others back for a second, and for longer when it comes again, at most five', () => {
    const { matter, refusal, heldMs } = scene();
    const times: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      matter.remember(refusal);
      times.push(heldMs());
    }
    expect(times).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('is one however many meet it at the same time', () => {
    const { matter, refusal, heldMs, advance } = scene();
    matter.remember(refusal);
    advance(100);
    for (let count = 0; count < 20; count += 1) matter.remember(refusal);
    expect(heldMs()).toBe(900);
  });

  it('is tried by one, while the others keep to it', () => {
    const { matter, refusal, isHeld, advance } = scene();
    matter.remember(refusal);
    advance(1_000);
    expect([isHeld(), isHeld(), isHeld()]).toEqual([false, true, true]);
  });

  it('is forgotten when Entra accepts the gateway: the next begins with a second', () => {
    const { matter, refusal, isHeld, heldMs } = scene();
    for (let time = 0; time < 4; time += 1) {
      matter.remember(refusal);
      heldMs();
    }
    matter.forget();
    expect(isHeld()).toBe(false);
    matter.remember(refusal);
    expect(heldMs()).toBe(1_000);
  });
});
