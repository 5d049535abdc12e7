import { expect, it } from 'vitest';
import { createHeldBytes } from '../../src/http/held-bytes.ts';

it('has as much for one caller as for three more, and takes back what is given', () => {
  const held = createHeldBytes(400);
  const taken = (caller: string) => {
    let bytes = 0;
    while (held.take(caller, 10)) bytes += 10;
    return bytes;
  };
  expect(['ada', 'grace', 'alan', 'edsger', 'barbara'].map(taken)).toStrictEqual([100, 100, 100, 100, 0]);
  held.give('ada', 30);
  expect([taken('grace'), taken('barbara'), taken('ada')]).toStrictEqual([0, 30, 0]);
  held.give('ada', 70);
  expect(held.take('edsger', 1)).toBe(false);
  expect(held.take('ada', 71), 'what would be too much counts for nothing').toBe(false);
  expect(held.take('ada', 70)).toBe(true);
});

it('leaves most of the heap to everything else', () => {
  const held = createHeldBytes();
  expect(held.take('ada', 8 * 1024 * 1024)).toBe(true);
  expect(held.take('ada', 1024 ** 4)).toBe(false);
});
