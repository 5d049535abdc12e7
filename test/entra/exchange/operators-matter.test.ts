import { describe, expect, it } from 'vitest';
import { createOperatorsMatter } from '../../../src/entra/exchange/operators-matter.ts';
import { internalError } from '../../../src/errors.ts';

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
  return {
    isHeld,
    refuse: () => matter.remember(refusal),
    accept: () => matter.forget(),
    advance(milliseconds: number) {
      now += milliseconds;
    },
    /** How long everybody is refused, until one may try. */
    heldMs() {
      const since = now;
      while (isHeld()) now += 100;
      return now - since;
    },
  };
}

describe('a refusal that only the operator can mend', () => {
  it('holds nobody back while it may be that of one server of Entra’s', () => {
    const { refuse, accept, isHeld } = scene();
    for (let time = 0; time < 10; time += 1) {
      refuse();
      expect(isHeld()).toBe(false);
      accept();
    }
  });

  it('holds others back when it comes again, for a second and then for longer, at most five', () => {
    const { refuse, heldMs } = scene();
    refuse();
    const times: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      refuse();
      times.push(heldMs());
    }
    expect(times).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('holds for no longer when many meet it at the same time', () => {
    const { refuse, heldMs, advance } = scene();
    refuse();
    refuse();
    advance(100);
    for (let count = 0; count < 20; count += 1) refuse();
    expect(heldMs()).toBe(900);
  });

  it('is tried by one, while the others keep to it', () => {
    const { refuse, isHeld, advance } = scene();
    refuse();
    refuse();
    advance(1_000);
    expect([isHeld(), isHeld(), isHeld()]).toEqual([false, true, true]);
  });

  it('is forgotten when Entra accepts the gateway', () => {
    const { refuse, accept, isHeld, heldMs } = scene();
    for (let time = 0; time < 4; time += 1) {
      refuse();
      heldMs();
    }
    accept();
    expect(isHeld()).toBe(false);
    refuse();
    refuse();
    expect(heldMs()).toBe(1_000);
  });
});
