import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { comparable, createDocumentGate } from '../../../src/graphql/documents/document-gate.ts';

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

  it('says where the text goes wrong', () => {
    const gate = createDocumentGate(undefined);
    const locations = [{ line: 2, column: 3 }];
    expect(() => gate.admit('{\n  (')).toThrow(expect.objectContaining({ locations }));
  });

  it('lets only listed texts pass where there is a list', () => {
    const listed = '{ a }';
    const gate = createDocumentGate({
      textOf: () => undefined,
      holdsText: (text) => comparable(text) === comparable(listed),
    });
    expect(refusalOf('{\n  a # comment\n}', gate)).toBeUndefined();
    expect(refusalOf('{ a b }', gate)).toEqual(refused('BAD_REQUEST'));
  });
});

describe('texts are compared', () => {
  it.each([
    ['{ a }', '{\n\ta,,,\n}', true],
    ['{ a }', '# comment\n{a}', true],
    ['{ a b }', '{ ab }', false],
    ['{ a(b: "x  y") }', '{ a(b: "x y") }', false],
    ['{ a }', '{ b: a }', false],
  ])('%j with %j: %s', (one, other, same) => {
    expect(comparable(one) === comparable(other)).toBe(same);
  });

  it('by nothing, when they cannot be read', () => expect(comparable('"')).toBeUndefined());
});
