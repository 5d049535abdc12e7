import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isDateTimeOffset, isSameInstant } from '../../../src/msgraph/sessions/date-time-offset.ts';
import { anyText } from '../../support/any-text.ts';
import { dateTimeOffsets } from '../../support/date-time-offsets.ts';

describe('a DateTimeOffset', () => {
  it('is any real date and time with an offset of at most 14 hours and up to 7 digits', () => {
    fc.assert(
      fc.property(dateTimeOffsets(), (text) => {
        expect(isDateTimeOffset(text)).toBe(true);
      }),
    );
  });

  test.each([
    '2016-12-31T23:59:57.5564522-08:00',
    '2024-02-29T00:00:00Z',
    '2000-02-29T00:00:00Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.9999999+14:00',
    '2026-01-01T00:00:00-14:00',
    '2026-01-01T00:00:00-00:00',
  ])('%s', (text) => {
    expect(isDateTimeOffset(text)).toBe(true);
  });
});

describe('what is none', () => {
  test.each([
    ['lower-case t', '2026-01-01t00:00:00Z'],
    ['lower-case z', '2026-01-01T00:00:00z'],
    ['a space for T', '2026-01-01 00:00:00Z'],
    ['no offset', '2026-01-01T00:00:00'],
    ['a date alone', '2026-01-01'],
    ['no seconds', '2026-01-01T00:00Z'],
    ['a leap second', '2026-12-31T23:59:60Z'],
    ['minute 60', '2026-01-01T00:60:00Z'],
    ['24 o’clock', '2026-01-01T24:00:00Z'],
    ['an offset above 14:00', '2026-01-01T00:00:00+14:01'],
    ['an offset of 15 hours', '2026-01-01T00:00:00-15:00'],
    ['an offset with minute 60', '2026-01-01T00:00:00+01:60'],
    ['an offset without a colon', '2026-01-01T00:00:00+0100'],
    ['an offset of hours only', '2026-01-01T00:00:00+01'],
    ['the 30th of February', '2024-02-30T00:00:00Z'],
    ['a leap day of 2023', '2023-02-29T00:00:00Z'],
    ['a leap day of 1900', '1900-02-29T00:00:00Z'],
    ['the 31st of April', '2026-04-31T00:00:00Z'],
    ['day 0', '2026-01-00T00:00:00Z'],
    ['month 0', '2026-00-01T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['8 digits', '2026-01-01T00:00:00.12345678Z'],
    ['a point without digits', '2026-01-01T00:00:00.Z'],
    ['a comma', '2026-01-01T00:00:00,5Z'],
    ['five digits of year', '12026-01-01T00:00:00Z'],
    ['a signed year', '-2026-01-01T00:00:00Z'],
    ['a trailing newline', '2026-01-01T00:00:00Z\n'],
    ['a leading blank', ' 2026-01-01T00:00:00Z'],
    ['other digits', '２０２６-01-01T00:00:00Z'],
    ['a typographic minus', '2026-01-01T00:00:00−08:00'],
    ['nothing', ''],
  ])('%s', (_name, text) => {
    expect(isDateTimeOffset(text)).toBe(false);
  });

  it('is anything that is longer by a character', () => {
    fc.assert(
      fc.property(dateTimeOffsets(), anyText({ minLength: 1, maxLength: 1 }), (text, more) => {
        expect(isDateTimeOffset(text + more)).toBe(false);
        expect(isDateTimeOffset(more + text)).toBe(false);
      }),
    );
  });
});

describe('two texts', () => {
  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.0000000+00:00'],
    ['2026-01-01T00:00:00-08:00', '2026-01-01T08:00:00Z'],
    ['2026-02-28T23:30:00-01:00', '2026-03-01T00:30:00Z'],
    ['2016-12-31T23:59:57.5564522-08:00', '2017-01-01T07:59:57.5564522Z'],
  ])('%s and %s are the same instant', (one, other) => {
    expect(isSameInstant(one, other)).toBe(true);
    expect(isSameInstant(other, one)).toBe(true);
  });

  it.each([
    ['2026-01-01T00:00:00.0000001Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00+01:00', '2026-01-01T00:00:00-01:00'],
    ['2026-01-01T00:00:00', '2026-01-01T00:00:00'],
    ['0026-01-01T00:00:00Z', '1926-01-01T00:00:00Z'],
  ])('%s and %s are not', (one, other) => {
    expect(isSameInstant(one, other)).toBe(false);
  });

  it('are the same instant when they are the same text', () => {
    fc.assert(
      fc.property(dateTimeOffsets(), (text) => {
        expect(isSameInstant(text, text)).toBe(true);
      }),
    );
  });
});
