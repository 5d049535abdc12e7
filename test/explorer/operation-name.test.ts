import { describe, expect, it } from 'vitest';

/** A script of the page; it has no types here. */
const script = new URL('../../src/explorer/browser/operation-name.js', import.meta.url);
const { firstOperationName, hasOperation } = await import(script.href);

describe('the name of an operation', () => {
  it.each([
    ['query One { a }', 'One'],
    ['# mine\n\nquery # of today\n,One { a }', 'One'],
    ['mutation,Two($id: ID!) { a }', 'Two'],
    ['{ a }', undefined],
    ['query { a }', undefined],
    ['fragment F on T { a }', undefined],
  ])('of %j is %s', (document, name) => {
    expect(firstOperationName(document)).toBe(name);
  });

  it.each([
    ['query # mine\nOne { a }', 'One', true],
    ['{ a(text: "# no comment") } query Two { a }', 'Two', true],
    ['{ a(text: """a "query Two" # in it\n""") }', 'Two', false],
    ['# query Two\n{ a }', 'Two', false],
    ['query Twofold { a }', 'Two', false],
    ['query Two { a }', undefined, false],
  ])('%j has one that is called %s: %s', (document, name, has) => {
    expect(hasOperation(document, name)).toBe(has);
  });
});
