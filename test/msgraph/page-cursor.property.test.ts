import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCursorCodec } from '../../src/msgraph/page-cursor.ts';

const position = fc.record({
  page: fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.base64String().map((token) => `$skiptoken=${token}`),
  ),
  skip: fc.nat(1000),
  top: fc.integer({ min: 1, max: 100 }),
});
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const codec = createCursorCodec('a key');

it('reads what it wrote, as any codec with the same key does', () => {
  fc.assert(
    fc.property(position, (each) => {
      const cursor = codec.encode(each);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(createCursorCodec('a key').decode(cursor)).toEqual(each);
    }),
  );
});

it('refuses a cursor in which any one character is another, is missing, or is added', () => {
  fc.assert(
    fc.property(
      position,
      fc.nat(),
      fc.oneof(fc.constantFrom(...ALPHABET), fc.string({ maxLength: 1 })),
      (each, at, other) => {
        const cursor = codec.encode(each);
        const index = at % cursor.length;
        const changed = cursor.slice(0, index) + other + cursor.slice(index + 1);
        const added = cursor.slice(0, index) + other + cursor.slice(index);
        expect(codec.decode(changed)).toEqual(changed === cursor ? each : undefined);
        expect(codec.decode(added)).toEqual(added === cursor ? each : undefined);
      },
    ),
    { numRuns: 500 },
  );
});

it('refuses each single change of one cursor', () => {
  const cursor = codec.encode({ page: '$skiptoken=abc', skip: 3, top: 20 });
  for (let index = 0; index < cursor.length; index += 1) {
    for (const other of ALPHABET) {
      if (other === cursor[index]) continue;
      expect(codec.decode(cursor.slice(0, index) + other + cursor.slice(index + 1))).toBeUndefined();
    }
  }
});

it('refuses any text, and the cursors of another key', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void expect(codec.decode(text)).toBeUndefined()));
  fc.assert(
    fc.property(position, (each) => {
      expect(codec.decode(createCursorCodec('another key').encode(each))).toBeUndefined();
    }),
  );
});
