import { expect, it } from 'vitest';
import { createLargeBodies } from '../../src/web/large-bodies.ts';

const KIBIBYTES_256 = 256 * 1024;

it('has room for 32 of the largest bodies of one caller, and for three more such callers', () => {
  const bodies = createLargeBodies();
  const taken = (caller: string) => {
    let count = 0;
    while (bodies.take(caller, KIBIBYTES_256)) count += 1;
    return count;
  };
  expect(['ada', 'grace', 'alan', 'edsger', 'barbara'].map(taken)).toStrictEqual([32, 32, 32, 32, 0]);
  bodies.give('ada', KIBIBYTES_256);
  expect([taken('grace'), taken('barbara'), taken('ada')]).toStrictEqual([0, 1, 0]);
});
