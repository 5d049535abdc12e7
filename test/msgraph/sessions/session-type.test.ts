import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { mostPrivileged, readSessionTypes, writeSessionTypes } from '../../../src/msgraph/sessions/session-type.ts';

/** Graph's members in the order of their bits, with the schema's names. */
const pairs = [
  ['viewScreen', 'VIEW_SCREEN', 1],
  ['takeFullControl', 'TAKE_FULL_CONTROL', 2],
  ['elevation', 'ELEVATION', 4],
  ['unattended', 'UNATTENDED', 8],
] as const;
const known = fc.subarray([...pairs], { minLength: 1 });
const shuffled = known.chain((some) => fc.shuffledSubarray(some, { minLength: some.length }));

describe('the flags of Graph', () => {
  it('are read in any order, with or without blanks, each once', () => {
    fc.assert(
      fc.property(shuffled, fc.constantFrom(',', ', ', ' , '), (some, comma) => {
        const types = some.map(([, graphql]) => graphql);
        const text = some.map(([graph]) => graph).join(comma);
        expect(readSessionTypes(text)).toEqual(types);
        expect(readSessionTypes(`${text}${comma}${text}`)).toEqual(types);
      }),
    );
  });

  it('are read as numbers too, as number or as text', () => {
    fc.assert(
      fc.property(known, (some) => {
        const flags = some.reduce((sum, [, , flag]) => sum + flag, 0);
        const types = some.map(([, graphql]) => graphql);
        expect(readSessionTypes(flags)).toEqual(types);
        expect(readSessionTypes(String(flags))).toEqual(types);
      }),
    );
  });

  it('that this schema does not know become UNKNOWN_FUTURE_VALUE beside those it does', () => {
    const names = fc.stringMatching(/^[a-zA-Z]{1,20}$/).filter((name) => !pairs.some(([graph]) => graph === name));
    fc.assert(
      fc.property(known, fc.array(names, { minLength: 1, maxLength: 3 }), (some, others) => {
        const read = readSessionTypes([...some.map(([graph]) => graph), ...others].join(','));
        expect(read).toEqual([...some.map(([, graphql]) => graphql), 'UNKNOWN_FUTURE_VALUE']);
      }),
    );
    expect(readSessionTypes(16)).toEqual(['UNKNOWN_FUTURE_VALUE']);
    expect(readSessionTypes('33')).toEqual(['VIEW_SCREEN', 'UNKNOWN_FUTURE_VALUE']);
    expect(readSessionTypes('unknownFutureValue')).toEqual(['UNKNOWN_FUTURE_VALUE']);
  });

  test.each([0, '0', '', ' , '])('%j names none', (value) => {
    expect(readSessionTypes(value)).toEqual([]);
  });

  test.each([
    [4294967297, ['VIEW_SCREEN', 'UNKNOWN_FUTURE_VALUE']],
    ['4294967297', ['VIEW_SCREEN', 'UNKNOWN_FUTURE_VALUE']],
    [2 ** 32, ['UNKNOWN_FUTURE_VALUE']],
    [2 ** 31 + 8, ['UNATTENDED', 'UNKNOWN_FUTURE_VALUE']],
    [Number.MAX_SAFE_INTEGER - 15, ['UNKNOWN_FUTURE_VALUE']],
    ['9007199254740993', ['VIEW_SCREEN', 'UNKNOWN_FUTURE_VALUE']],
    ['18446744073709551602', ['TAKE_FULL_CONTROL', 'UNKNOWN_FUTURE_VALUE']],
    // JSON has rounded it: its bits say nothing.
    [2 ** 53 + 2, ['UNKNOWN_FUTURE_VALUE']],
    [2 ** 60, ['UNKNOWN_FUTURE_VALUE']],
    [1e300, ['UNKNOWN_FUTURE_VALUE']],
    ['1'.repeat(400), ['UNKNOWN_FUTURE_VALUE']],
    [-1, ['UNKNOWN_FUTURE_VALUE']],
    ['-1', ['UNKNOWN_FUTURE_VALUE']],
    ['0000000000000000003', ['VIEW_SCREEN', 'TAKE_FULL_CONTROL']],
    ['viewScreen, 8', ['VIEW_SCREEN', 'UNATTENDED']],
    ['1.5', ['UNKNOWN_FUTURE_VALUE']],
  ])('%j is read whole, not only its low bits', (value, types) => {
    expect(readSessionTypes(value)).toEqual(types);
  });

  test.each([null, undefined, true, 1.5, Number.NaN, Number.POSITIVE_INFINITY, {}, ['viewScreen']])(
    '%j is no flags',
    (value) => {
      expect(readSessionTypes(value)).toBeUndefined();
    },
  );

  it('survive writing and reading', () => {
    fc.assert(
      fc.property(shuffled, (some) => {
        const types = some.map(([, graphql]) => graphql);
        const written = writeSessionTypes(types);
        const inOrder = pairs.filter((pair) => some.includes(pair));
        expect(written).toBe(inOrder.map(([graph]) => graph).join(','));
        expect(readSessionTypes(written)).toEqual(inOrder.map(([, graphql]) => graphql));
      }),
    );
  });

  it('are not written when there is none, or one that Graph would ignore', () => {
    expect(writeSessionTypes([])).toBeUndefined();
    expect(writeSessionTypes(['UNKNOWN_FUTURE_VALUE'])).toBeUndefined();
    expect(writeSessionTypes(['VIEW_SCREEN', 'UNKNOWN_FUTURE_VALUE'])).toBeUndefined();
  });
});

describe('the most privileged kind', () => {
  it('is the one with the highest flag, whatever the order', () => {
    fc.assert(
      fc.property(shuffled, fc.boolean(), (some, withUnknown) => {
        const highest = pairs.findLast((pair) => some.includes(pair))?.[1];
        const types = some.map(([, graphql]) => graphql);
        expect(mostPrivileged(withUnknown ? ['UNKNOWN_FUTURE_VALUE', ...types] : types)).toBe(highest);
      }),
    );
  });

  it('is unknown only when nothing is known, and null when there is none', () => {
    expect(mostPrivileged(['UNKNOWN_FUTURE_VALUE'])).toBe('UNKNOWN_FUTURE_VALUE');
    expect(mostPrivileged([])).toBeNull();
  });
});
