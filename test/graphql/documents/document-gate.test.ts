import { GraphQLError, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { comparableForm } from '../../../src/graphql/documents/comparable-form.ts';
import { createDocumentGate } from '../../../src/graphql/documents/document-gate.ts';

function refusalOf(text: string, gate = createDocumentGate(undefined)) {
  try {
    gate.admit(text);
  } catch (error) {
    return error instanceof GraphQLError ? error.extensions : error;
  }
  return undefined;
}

const refused = (code: string) => ({ code, http: { status: 400 } });

describe('the gate', () => {
  it('lets an ordinary document pass, again and again', () => {
    const gate = createDocumentGate(undefined);
    for (let count = 0; count < 3; count += 1) expect(refusalOf('{ a { b } }', gate)).toBeUndefined();
  });

  it('refuses again what it refused before', () => {
    const gate = createDocumentGate(undefined);
    const large = `{ ${'a: b '.repeat(201)} }`;
    for (let count = 0; count < 3; count += 1) {
      expect(refusalOf(large, gate)).toEqual(refused('GRAPHQL_VALIDATION_FAILED'));
    }
  });

  it.each(['{', '{ a(b: ) }', 'nonsense', '"', '\u0000', ' '])('refuses text that is not GraphQL: %j', (text) => {
    expect(refusalOf(text)).toEqual(refused('GRAPHQL_PARSE_FAILED'));
  });

  it('refuses what nests too deep even to be parsed, without running out of stack', () => {
    expect(refusalOf('{a'.repeat(100_000))).toEqual(refused('GRAPHQL_VALIDATION_FAILED'));
  });

  it('refuses more than 64 KiB, however little of it is more than a comment', () => {
    const of = (bytes: number) => `{ a } #${'c'.repeat(bytes - 7)}`;
    expect(refusalOf(of(64 * 1024))).toBeUndefined();
    expect(refusalOf(of(64 * 1024 + 1))).toEqual(refused('GRAPHQL_VALIDATION_FAILED'));
    expect(refusalOf(`{ a } #${'\u20ac'.repeat(22_000)}`)).toEqual(refused('GRAPHQL_VALIDATION_FAILED'));
    expect(() => createDocumentGate(undefined).admit(of(70_000))).toThrow(/64 KiB/);
  });

  it('says where the text goes wrong', () => {
    const gate = createDocumentGate(undefined);
    const locations = [{ line: 2, column: 3 }];
    expect(() => gate.admit('{\n  (')).toThrow(expect.objectContaining({ locations }));
  });

  it('lets only listed texts pass where there is a list', () => {
    const listed = '{ a }';
    const gate = createDocumentGate({
      textOf: () => undefined,
      holds: (document) => comparableForm(document) === comparableForm(parse(listed)),
    });
    expect(refusalOf('{\n  a # comment\n}', gate)).toBeUndefined();
    expect(refusalOf('{ a b }', gate)).toEqual(refused('BAD_REQUEST'));
  });
});

describe('documents are compared', () => {
  it.each([
    ['{ a }', '{\n\ta,,,\n}', true],
    ['{ a }', '# comment\n{a}', true],
    ['{ a b }', '{ ab }', false],
    ['{ a(b: "x  y") }', '{ a(b: "x y") }', false],
    ['{ a }', '{ b: a }', false],
    ['{ a { b } }', '{ a { b __typename } }', true],
    ['{ a { b ...F } } fragment F on B { c }', '{ a { b ...F __typename } } fragment F on B { c __typename }', true],
    ['{ a { __typename } }', '{ a { __typename } }', true],
    ['{ a { b } }', '{ a { b t: __typename } }', false],
    ['{ a { b } }', '{ a { b __typename c } }', false],
    ['{ a { b } }', '{ a { __typename } }', false],
    // As GraphQL Code Generator sorts.
    [
      'query Q($y: Y, $x: X) { b(y: $y, x: $x) { d c } a ...F } fragment F on Q { f e }',
      'fragment F on Q { __typename e f } query Q($x: X, $y: Y) { __typename a b(x: $x, y: $y) { c d } ...F }',
      true,
    ],
    ['{ a(x: { y: [1, 2] }) }', '{ a(x: { y: [2, 1] }) }', false],
    ['{ a(x: 1) b(x: 2) }', '{ a(x: 2) b(x: 1) }', false],
    ['{ a a }', '{ a }', false],
  ])('%j with %j: %s', (one, other, same) => {
    expect(comparableForm(parse(one)) === comparableForm(parse(other))).toBe(same);
  });
});
