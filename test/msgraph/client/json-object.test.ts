import { expect, test } from 'vitest';
import { asRecord } from '../../../src/msgraph/client/json-object.ts';

test.each([null, undefined, 1, 'text', true, [], [{}]])('%j is no object', (value) => {
  expect(asRecord(value)).toBeUndefined();
});

test('an object is one', () => {
  const value = { a: 1 };
  expect(asRecord(value)).toBe(value);
});
