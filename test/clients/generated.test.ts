import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { appFile, generateAppCode } from './generate.ts';

it('the code that the generators make of schema.graphql and the sample operations is the committed one', async () => {
  const made = await generateAppCode();
  const committed = globSync(['src/gql/*', 'src/relay/__generated__/*', 'persisted-queries.json'], {
    cwd: appFile(''),
  });
  expect(committed.sort()).toEqual([...made.keys()].sort());
  // Otherwise run `npm run codegen`.
  expect(new Map(committed.map((path) => [path, readFileSync(appFile(path), 'utf8')]))).toEqual(
    new Map(committed.map((path) => [path, made.get(path)])),
  );
});
