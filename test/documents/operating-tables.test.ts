import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHECKS } from '../../src/doctor/check.ts';
import { documentLimits } from '../../src/graphql/documents/document-limits.ts';
import { MAX_VARIABLE_VALUES } from '../../src/graphql/documents/variable-limits.ts';
import { MAX_PAGE_SIZE } from '../../src/msgraph/sessions/page-cursor.ts';
import { BODY_LIMIT } from '../../src/web/http-limits.ts';
import { codeIn, tableBelow } from './markdown.ts';
import { projectFile, readProjectFile } from './project.ts';

const page = readProjectFile('docs/operating.md');
const limits = tableBelow(page, 'Limits', 'what');
const limitOf = (what: string) => limits.find(([cell]) => cell === what)?.[1] ?? '';
const number = (value: number) => value.toLocaleString('en');
const kibibytes = (bytes: number) => `${bytes / 1024} KiB`;

test('the table of limits has the figures of the code', () => {
  const {
    bytes,
    lines,
    comments,
    depth,
    nesting,
    aliases,
    directives,
    fields,
    comparisons,
    tokens,
    rootMutationFields,
    lists,
  } = documentLimits;
  expect(limitOf('document')).toBe(
    `${kibibytes(bytes)}, ${number(lines)} lines, depth ${depth}, ${nesting} levels of nesting, ${aliases} aliases, ${directives} directives, ${number(fields)} fields with fragments opened, ${number(comparisons)} comparisons of fields with the same name`,
  );
  expect(limitOf('tokens, comments of a document')).toBe(`${number(tokens)}; ${number(comments)}`);
  expect(limitOf('root fields of a mutation')).toBe(String(rootMutationFields));
  expect(limitOf('lists in an operation')).toBe(String(lists));
  expect(limitOf('values in variables')).toBe(number(MAX_VARIABLE_VALUES));
  expect(limitOf('page size (`first`)')).toBe(String(MAX_PAGE_SIZE));
  expect(limitOf('body of a request')).toBe(kibibytes(BODY_LIMIT));
});

test('the table of the doctor names its checks, in their order', () => {
  expect(tableBelow(page, 'Doctor', 'check').map(([cell = '']) => codeIn(cell).join())).toEqual([...CHECKS]);
});

test('the other lines of the log are written somewhere', () => {
  const sources = globSync('src/**/*.ts', { cwd: projectFile('.') })
    .map(readProjectFile)
    .join('\n');
  const told = tableBelow(page, 'Other lines', '`msg`').map(([cell = '']) => codeIn(cell).join());
  expect(told.length).toBeGreaterThan(10);
  const written = (text: string) => ["'", '"'].some((quote) => sources.includes(`${quote}${text}${quote}`));
  expect(told.filter((text) => !written(text))).toEqual([]);
});
