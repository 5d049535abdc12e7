import type { GraphQLResolveInfo } from 'graphql';
import { expect, it } from 'vitest';
import { boundedResolver } from '../../../src/graphql/execution/answer-size.ts';

const info = { fieldName: 'field' } as GraphQLResolveInfo;
const read = ({ fieldResolver }: ReturnType<typeof boundedResolver>, field: unknown) =>
  fieldResolver({ field }, {}, undefined, info);
const MEBIBYTE = 1024 * 1024;

it('hands out no more once there are too many errors, items of a list among them', () => {
  const resolver = boundedResolver();
  const failures = Array.from({ length: 1_000 }, () => new Error('no sense'));
  for (let list = 0; list < 5; list += 1) expect(read(resolver, failures)).toBe(failures);
  expect(read(resolver, failures[0])).toBe(failures[0]);
  expect(read(resolver, failures)).toBeNull();
  expect(read(resolver, 'a text')).toBeNull();
});

it('hands out no more once the texts are four answers long', () => {
  const resolver = boundedResolver();
  const text = 'x'.repeat(MEBIBYTE);
  for (let count = 0; count < 32; count += 1) expect(read(resolver, text)).toBe(text);
  expect(resolver.isOver()).toBe(false);
  read(resolver, 'x');
  expect(resolver.isOver()).toBe(true);
  expect(read(resolver, text)).toBeNull();
});
