import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decodeCursor, encodeCursor } from '../../../src/msgraph/sessions/page-cursor.ts';

const tokens = fc.oneof(
  fc.base64String({ minLength: 1 }),
  fc.stringMatching(/^[\w.~!'()*+,:@/?=-]{1,40}$/),
  fc.string({ minLength: 1, unit: 'grapheme' }).map(encodeURIComponent),
);
const skips = fc.nat(999_999_999).map((skip) => `$skip=${skip}`);
const pages = fc.oneof(
  fc.constant(''),
  skips,
  fc
    .tuple(fc.constantFrom('$skiptoken', '$skipToken', '$SKIPTOKEN'), tokens)
    .map(([name, token]) => `${name}=${token}`),
  fc.tuple(skips, tokens).map(([skip, token]) => `$skiptoken=${token}&${skip}`),
);
const positions = fc.record({ page: pages, skip: fc.nat(1000), top: fc.integer({ min: 1, max: 100 }) });
/** Any text as a client might write it into a cursor. */
const written = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

it('reads what it wrote, in whatever process', () => {
  fc.assert(
    fc.property(positions, (each) => {
      const cursor = String(encodeCursor(each));
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(decodeCursor(cursor)).toEqual(each);
    }),
  );
});

it.each(['a', '+', '"', 'é', '漢', '😀', '"a+é漢'])(
  'takes a skip token of 10,000 characters such as %s, plain or percent-encoded',
  (text) => {
    const token = encodeURIComponent(text.repeat(10_000 / text.length));
    const position = { page: `$skiptoken=${token}&$skip=999999999`, skip: 10_000, top: 100 };
    expect(decodeCursor(String(encodeCursor(position)))).toEqual(position);
  },
);

it('makes no cursor that it would refuse', () => {
  expect(encodeCursor({ page: `$skiptoken=${'x'.repeat(100_000)}`, skip: 0, top: 1 })).toBeUndefined();
});

it('reads the cursors that were made before', () => {
  const before = [
    ['WyIiLDIsMl0', { page: '', skip: 2, top: 2 }],
    ['WyIkc2tpcHRva2VuPWFiYyIsMCwyXQ', { page: '$skiptoken=abc', skip: 0, top: 2 }],
    [
      'WyIkc2tpcHRva2VuPWElMkJiJTI2JTI0ZmlsdGVyJTNEeCIsMCwyXQ',
      { page: '$skiptoken=a%2Bb%26%24filter%3Dx', skip: 0, top: 2 },
    ],
    ['WyIkc2tpcD0yIiwwLDJd', { page: '$skip=2', skip: 0, top: 2 }],
  ] as const;
  for (const [cursor, position] of before) expect(decodeCursor(cursor)).toEqual(position);
});

it('reads nothing but a skip token and whole numbers, whatever a client writes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.tuple(fc.string(), fc.jsonValue(), fc.jsonValue())), (value) => {
      const position = decodeCursor(written(value));
      if (position === undefined) return;
      expect(position.page).toMatch(/^$|^(\$skip(token)?=[^&#$\s]+(&|$)){1,2}$/i);
      expect(Number.isInteger(position.skip) && Number.isInteger(position.top)).toBe(true);
    }),
  );
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void expect(decodeCursor(text)).toBeUndefined()));
});

describe('a cursor that a client changed', () => {
  test.each([
    ['$filter', ["$filter=deviceName eq 'x'", 0, 2]],
    ['$expand', ['$expand=children', 0, 2]],
    ['$filter behind the token', ['$skiptoken=abc&$filter=x', 0, 2]],
    ['$filter before the token', ['$filter=x&$skiptoken=abc', 0, 2]],
    ['$top', ['$skiptoken=abc&$top=999999999', 0, 2]],
    ['a second $select', ['$skiptoken=abc&$select=acsHelperUserToken', 0, 2]],
    ['an encoded name', ['%24select=acsHelperUserToken', 0, 2]],
    ['two tokens', ['$skiptoken=a&$skiptoken=b', 0, 2]],
    ['a token without a value', ['$skiptoken=', 0, 2]],
    ['a fragment', ['$skiptoken=a#b', 0, 2]],
    ['a blank', ['$skiptoken=a b', 0, 2]],
    ['a line break', ['$skiptoken=a\r\nx: y', 0, 2]],
    ['a token beyond ASCII', ['$skiptoken=ü', 0, 2]],
    ['half an escape', ['$skiptoken=%4', 0, 2]],
    ['no number to skip', ['$skip=-1', 0, 2]],
    ['another path', ['/../me?$skiptoken=a', 0, 2]],
    ['a size beyond every page', ['$skiptoken=abc', 1, 999_999_999]],
    ['no size', ['$skiptoken=abc', 1, 0]],
    ['a part of an entry', ['$skiptoken=abc', 1.5, 2]],
    ['entries before the first', ['$skiptoken=abc', -1, 2]],
    ['numbers as text', ['$skiptoken=abc', '1', '2']],
    ['one member more', ['$skiptoken=abc', 1, 2, 3]],
    ['one member less', ['$skiptoken=abc', 1]],
    ['an object', { page: '$skiptoken=abc', skip: 1, top: 2 }],
  ])('to hold %s is refused', (_what, value) => {
    expect(decodeCursor(written(value))).toBeUndefined();
  });

  test.each([
    ['padding', `${written(['$skiptoken=abc', 1, 20])}=`],
    ['another alphabet', Buffer.from(JSON.stringify(['$skiptoken=a??>', 1, 20])).toString('base64')],
    ['blanks', Buffer.from('["$skiptoken=abc", 1, 20]').toString('base64url')],
    ['another spelling of a number', Buffer.from('["$skiptoken=abc",1e0,20]').toString('base64url')],
    ['an escape', Buffer.from('["\\u0024skiptoken=abc",1,20]').toString('base64url')],
  ])('in its spelling (%s) is refused', (_what, cursor) => {
    expect(decodeCursor(cursor)).toBeUndefined();
  });
});
