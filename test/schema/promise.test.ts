import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildASTSchema, type GraphQLSchema, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readProjectFile } from '../documents/project.ts';

/**
 * The schema is a promise to clients. What was last released is kept beside this file (`released.graphql`) and replaced
 * by schema.graphql when a version is released; until then, what breaks clients must be named in the changelog.
 */
const released = readProjectFile('test/schema/released.graphql');
const current = readProjectFile('schema.graphql');

const schemaOf = (text: string): GraphQLSchema => buildASTSchema(parse(text));

/** The changelog's part about what is not released yet. */
function unreleased(changelog = readProjectFile('CHANGELOG.md')): string {
  return /^## \[Unreleased\]\n([\s\S]*?)(?=^## \[)/m.exec(changelog)?.[1] ?? '';
}

/** Coordinates, such as `Query.remoteHelpSessionResponse`, of what a client may break on and the changelog does not name. */
async function unnamedBreaks(from: string, to: string, changelog: string): Promise<string[]> {
  const changes = await diff(schemaOf(from), schemaOf(to));
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  // A directive of ours is no promise, except that what is a secret stays one.
  const promised = breaking.filter(
    ({ type, message }) => !type.startsWith('DIRECTIVE') || message.includes('sensitive'),
  );
  const named = new Set([...changelog.matchAll(/`([\w.]+)`/g)].map(([, name]) => name));
  return promised.map(({ path, message }) => path ?? message).filter((path) => !named.has(path));
}

/** `Type.field` of everything that is marked as a secret. */
function sensitive(text: string): string[] {
  return parse(text).definitions.flatMap((definition) =>
    definition.kind === 'ObjectTypeDefinition' || definition.kind === 'InputObjectTypeDefinition'
      ? (definition.fields ?? [])
          .filter(({ directives = [] }) => directives.some(({ name }) => name.value === 'sensitive'))
          .map(({ name }) => `${definition.name.value}.${name.value}`)
      : [],
  );
}

describe('against the last release', () => {
  test('the changelog names everything on which a client may break', async () => {
    expect(await unnamedBreaks(released, current, unreleased())).toEqual([]);
  });

  test('no secret has stopped being one', () => {
    const now = sensitive(current);
    expect(sensitive(released).length).toBeGreaterThan(0);
    expect(sensitive(released).filter((field) => !now.includes(field))).toEqual([]);
  });
});

describe('the comparison itself', () => {
  const change = (from: string, to: string) => unnamedBreaks(from, to, 'nothing is said');

  test.each([
    ['a field that is gone', 'type Query { a: Int b: Int }', 'type Query { a: Int }', 'Query.b'],
    ['a type that changed', 'type Query { a: Int }', 'type Query { a: String }', 'Query.a'],
    ['a field that may be null now', 'type Query { a: Int! }', 'type Query { a: Int }', 'Query.a'],
    ['an argument that is needed now', 'type Query { a: Int }', 'type Query { a(b: Int!): Int }', 'Query.a.b'],
    ['an enum value that is gone', 'enum E { A B } type Query { e: E }', 'enum E { A } type Query { e: E }', 'E.B'],
  ])('sees %s', async (_name, from, to, path) => {
    expect(await change(from, to)).toEqual([path]);
    expect(await unnamedBreaks(from, to, `- Breaking: \`${path}\` is not what it was.`)).toEqual([]);
  });

  test.each([
    ['a new field', 'type Query { a: Int }', 'type Query { a: Int b: Int }'],
    ['a description', 'type Query { a: Int }', 'type Query { "Why." a: Int }'],
  ])('lets pass %s', async (_name, from, to) => {
    expect(await change(from, to)).toEqual([]);
  });
});
