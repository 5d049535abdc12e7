import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { backoff, retryDelay } from '../../src/http/retry-delay.ts';

const random = fc.double({ min: 0, max: 1, noNaN: true });

describe('a read is made again', () => {
  test.each([429, 500, 502, 503, 504])('after %i', (status) => {
    expect(retryDelay({ status }, 'read', 1, 1)).toBe(500);
  });
  test.each(['refused', 'unreachable', 'broken'] as const)('when the connection was %s', (kind) => {
    expect(retryDelay({ kind }, 'read', 1, 1)).toBe(500);
  });
  test.each([400, 401, 403, 404, 409, 412, 501, 505, 507])('but not after %i', (status) => {
    expect(retryDelay({ status }, 'read', 1, 1)).toBeUndefined();
  });
  test.each(['slow', 'too-large', 'timeout', 'cancelled', 'senseless', undefined] as const)('nor when %s', (kind) => {
    expect(retryDelay({ kind }, 'read', 1, 1)).toBeUndefined();
  });
});

describe('an update is made again only when it was certainly not done', () => {
  test.each([429, 503])('after %i', (status) => {
    expect(retryDelay({ status }, 'update', 1, 1)).toBe(500);
  });
  it('when the connection was refused', () => {
    expect(retryDelay({ kind: 'refused' }, 'update', 1, 1)).toBe(500);
  });
  test.each([400, 401, 404, 409, 500, 501, 502, 504])('not after %i', (status) => {
    expect(retryDelay({ status }, 'update', 1, 1)).toBeUndefined();
  });
  test.each(['unreachable', 'broken', 'slow', 'too-large', 'timeout', 'cancelled', 'senseless'] as const)(
    'not when %s',
    (kind) => {
      expect(retryDelay({ kind }, 'update', 1, 1)).toBeUndefined();
    },
  );
});

describe('the wait', () => {
  it('is what Retry-After asked for, neither cut nor jittered', () => {
    fc.assert(
      fc.property(fc.nat(3_600_000), random, fc.integer({ min: 1, max: 3 }), (retryAfterMs, chance, attempt) => {
        expect(retryDelay({ status: 429, retryAfterMs }, 'update', attempt, chance)).toBe(retryAfterMs);
      }),
    );
  });

  it('without one doubles from attempt to attempt, with full jitter below a cap', () => {
    expect([1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([500, 1000, 2000]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), random, (attempt, chance) => {
        const wait = backoff(attempt, chance);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(8_000, 250 * 2 ** attempt));
        expect(backoff(attempt, 0)).toBe(0);
      }),
    );
  });

  it('ends with the third retry', () => {
    expect(retryDelay({ status: 503 }, 'read', 3, 1)).toBe(2000);
    expect(retryDelay({ status: 503, retryAfterMs: 1 }, 'read', 4, 1)).toBeUndefined();
  });
});
