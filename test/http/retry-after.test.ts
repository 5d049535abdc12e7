import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { retryAfterMs } from '../../src/http/retry-after.ts';
import { anyText } from '../support/any-text.ts';

const NOW = Date.UTC(2026, 0, 31, 23, 59, 30);

describe('Retry-After', () => {
  it('in seconds is waited out in full', () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), fc.stringMatching(/^0{0,2}$/), (seconds, zeros) => {
        fc.pre(`${zeros}${seconds}`.length <= 9);
        expect(retryAfterMs(`${zeros}${seconds}`, NOW)).toBe(seconds * 1000);
      }),
    );
  });

  it('as a date is the time until then, and never negative', () => {
    const dates = fc.date({ min: new Date('1970-01-01Z'), max: new Date('2100-01-01Z'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        const wholeSeconds = Math.floor(date.getTime() / 1000) * 1000;
        expect(retryAfterMs(date.toUTCString(), NOW)).toBe(Math.max(0, wholeSeconds - NOW));
      }),
    );
  });

  test.each([
    ['0', 0],
    [' 7 ', 7000],
    ['Sun, 01 Feb 2026 00:00:30 GMT', 60_000],
  ] as const)('%j', (text, wait) => {
    expect(retryAfterMs(text, NOW)).toBe(wait);
  });

  test.each([
    undefined,
    '',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    '1234567890',
    'soon',
    '2026-02-01T00:00:00Z',
    'Sun, 01 Feb 2026 00:00:30',
    'Sun, 01 Feb 2026 00:00:30 +0100',
    'Sun, 31 Feb 2026 25:00:30 GMT',
    'NaN',
    '5, 10',
  ])('%j says nothing', (text) => {
    expect(retryAfterMs(text, NOW)).toBeUndefined();
  });

  it('never makes a wait out of anything else', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        fc.pre(!/^\s*\d{1,9}\s*$/.test(text));
        expect(retryAfterMs(text, NOW)).toBeUndefined();
      }),
    );
  });
});
