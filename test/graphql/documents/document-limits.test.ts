import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { documentLimitError, documentLimits } from '../../../src/graphql/documents/document-limits.ts';

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ');
const whatIsTooLarge = (text: string) =>
  /too many (.*): at most (\d+)/.exec(documentLimitError(parse(text))?.message ?? '');
const nested = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;
const lists = (count: number) => times(count, (i) => `l${i}: remoteHelpSessionResponses { nodes { id } }`);
const same = 'fragment F on Query { remoteHelpSessionResponses { pageInfo { endCursor } } }';
const LISTS = 'lists of sessions in one operation';
const L = documentLimits;

describe.each<[keyof typeof L, string, (count: number) => string]>([
  ['depth', 'levels of fields', (n) => nested(n)],
  ['depth', 'levels of fields', (n) => `{ ...F } fragment F on Query ${nested(n)}`],
  ['depth', 'levels of fields', (n) => `{ a } fragment Unused on Query ${nested(n)}`],
  ['aliases', 'aliases', (n) => `{ ${times(n, (i) => `a${i}: f`)} }`],
  ['aliases', 'aliases', (n) => `{ a ...F } fragment F on Query { ${times(n, (i) => `a${i}: f`)} }`],
  ['directives', 'directives', (n) => `{ a ${times(n, () => '@x')} }`],
  ['directives', 'directives', (n) => `query ${times(n, () => '@x')} { a }`],
  ['directives', 'directives', (n) => `query ($a: Int ${times(n, () => '@x')}) { a }`],
  ['directives', 'directives', (n) => `{ ...F } fragment F on Query ${times(n, () => '@x')} { a }`],
  ['directives', 'directives', (n) => `{ ... ${times(n, () => '@x')} { a } }`],
  ['rootMutationFields', 'root fields of a mutation', (n) => `mutation { ${times(n, (i) => `a${i}: f`)} }`],
  ['rootMutationFields', 'root fields of a mutation', (n) => `mutation { ${times(n, () => 'f')} }`],
  ['rootMutationFields', 'root fields of a mutation', (n) => `mutation { ... { ${times(n, (i) => `a${i}: f`)} } }`],
  [
    'rootMutationFields',
    'root fields of a mutation',
    (n) => `mutation { a ...F } fragment F on Mutation { ${times(n - 1, (i) => `a${i}: f`)} }`,
  ],
  [
    'rootMutationFields',
    'root fields of a mutation',
    (n) => `query { a } mutation M { ${times(n, (i) => `b${i}: f`)} }`,
  ],
  ['lists', LISTS, (n) => `{ ${lists(n)} }`],
  ['lists', LISTS, (n) => `{ ${lists(n - 1)} remoteHelpSessionResponses { nodes { id } } ...F } ${same}`],
  [
    'lists',
    LISTS,
    (n) => `{ ...F ... { ...G } } fragment F on Query { ${lists(n)} ...G } fragment G on Query { ${lists(n)} }`,
  ],
  ['lists', LISTS, (n) => `query ($no: Boolean!) { ... @include(if: $no) { ${lists(n)} } }`],
  ['lists', LISTS, (n) => `query { a } query B { ${lists(n)} }`],
  ['fields', 'fields', (n) => `{ ${times(n, (i) => `f${i}`)} }`],
])('%s', (limit, named, make) => {
  it('lets the limit itself pass', () => expect(documentLimitError(parse(make(L[limit])))).toBeUndefined());
  it('refuses one more', () => {
    expect(whatIsTooLarge(make(L[limit] + 1))?.slice(1)).toEqual([named, String(L[limit])]);
  });
});

describe('nesting', () => {
  it.each([
    ['lists', (n: number) => `{ f(a: ${'['.repeat(n)}${']'.repeat(n)}) }`],
    ['objects', (n: number) => `{ f(a: ${'{a: '.repeat(n)}1${'}'.repeat(n)}) }`],
    ['inline fragments', (n: number) => `{ ${'... { '.repeat(n)} a ${'}'.repeat(n)} }`],
    ['types', (n: number) => `query ($a: ${'['.repeat(n)}Int${']'.repeat(n)}) { a }`],
    ['default values', (n: number) => `query ($a: Int = ${'['.repeat(n)}${']'.repeat(n)}) { a }`],
  ])('of %s is bounded', (_name, make) => {
    expect(documentLimitError(parse(make(10)))).toBeUndefined();
    expect(whatIsTooLarge(make(70))?.[1]).toBe('levels of nesting');
    expect(whatIsTooLarge(make(1_000))?.[1]).toBe('levels of nesting');
  });
});

describe('fields in one place, which graphql-js compares with each other', () => {
  const at = (pairs: number) => Math.ceil((1 + Math.sqrt(1 + 8 * pairs)) / 2);
  const many = at(L.comparisons + 1);
  it.each([
    ['at the root', `{ ${times(many, () => 'f')} }`],
    ['under one field', `{ a { ${times(many, () => 'f')} } }`],
    ['under a field written again and again', `{ ${times(many, () => 'a { f }')} }`],
    ['by fragments', `{ ${times(many, (i) => `...F${i}`)} } ${times(many, (i) => `fragment F${i} on Query { f }`)}`],
    ['by one fragment under many fields', `{ ${times(many, () => 'a { ...F }')} } fragment F on A { f }`],
    ['in a fragment that nothing uses', `{ a } fragment F on Query { ${times(many, () => 'f')} }`],
    ['under one alias', `{ ${times(many, (i) => `a: f${i}`)} }`],
    ['in inline fragments', `{ ${times(many, () => '... { f }')} }`],
  ])('are bounded %s', (_name, text) => {
    expect(whatIsTooLarge(text)?.[1]).toBe('pairs of fields with one name in one place');
  });

  it('are none under different aliases', () => {
    expect(documentLimitError(parse(`{ ${times(L.aliases, (i) => `a${i}: f { b { c } }`)} }`))).toBeUndefined();
  });
});

describe('fragments', () => {
  it('that double each other are counted without being written out', () => {
    const bomb = `{ ...F0 } ${times(60, (i) => `fragment F${i} on Query { a${i} ...F${i + 1} ...F${i + 1} }`)}
      fragment F60 on Query { a }`;
    expect(whatIsTooLarge(bomb)?.[1]).toBe('fields');
  });

  it('that hold no field, but each other in every way, come to an end', () => {
    const web = `{ ...F0 } ${times(40, (i) => `fragment F${i} on Query { ${times(40, (j) => `...F${j}`)} }`)}`;
    expect(documentLimitError(parse(web))).toBeDefined();
  });

  it('in a circle, or missing, are left to validation', () => {
    expect(
      documentLimitError(parse('{ ...A } fragment A on Query { a ...B } fragment B on Query { b ...A }')),
    ).toBeUndefined();
    expect(documentLimitError(parse('{ ...Missing }'))).toBeUndefined();
  });
});

it('leaves room for introspection as graphql-js, Sandbox and code generators ask for it', () => {
  for (const options of [
    {},
    {
      inputValueDeprecation: true,
      specifiedByUrl: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
      oneOf: true,
    },
  ]) {
    expect(documentLimitError(parse(getIntrospectionQuery(options), { maxTokens: L.tokens }))).toBeUndefined();
  }
});
