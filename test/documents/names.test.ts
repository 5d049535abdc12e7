import { existsSync, globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codeIn, fencesOf } from './markdown.ts';
import { projectFile, readProjectFile } from './project.ts';

const documents = globSync(['*.md', 'docs/*.md'], { cwd: projectFile('.') });
const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
/** npm's own words, which need no entry in package.json. */
const NPM_COMMANDS = ['ci', 'install'];

/** Without fragments and addresses of other sites. */
const linksIn = (markdown: string) =>
  [...markdown.matchAll(/\]\(([^)\s#:]+)(?:#[^)\s]*)?\)/g)].map(([, target = '']) => target);

/** Words in backticks, or at the beginning of a line of a drawing, that look like a path of this project. */
function pathsIn(markdown: string): string[] {
  const drawn = fencesOf(markdown).flatMap(({ text }) => text.match(/^[\w./-]+/gm) ?? []);
  return [...codeIn(markdown), ...drawn].filter((word) => /^(src|test|\.ci|\.github)\/[\w./-]+$/.test(word));
}

const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');

test('there are the documents that a project has', () => {
  expect(documents).toEqual(
    expect.arrayContaining(['ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'README.md']),
  );
  expect(readProjectFile('LICENSE')).toMatch(/^MIT License/);
});

describe.each(documents)('%s', (document) => {
  const markdown = readProjectFile(document);

  test('names only npm scripts that exist', () => {
    const run = [...markdown.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, script = '']) => script);
    const short = [...markdown.matchAll(/\bnpm (\w+)/g)].map(([, word = '']) => word);
    const named = [...run, ...short.filter((word) => word !== 'run' && !NPM_COMMANDS.includes(word))];
    // "npm has" and the like are prose: only what is written as code counts.
    const code = [...codeIn(markdown), ...fencesOf(markdown).map(({ text }) => text)].join('\n');
    expect(
      named.filter((script) => code.includes(script) && code.includes(`npm ${script}`) && !(script in scripts)),
    ).toEqual([]);
    expect(run.filter((script) => !(script in scripts))).toEqual([]);
  });

  test('names only files that exist', () => {
    const missing = [...linksIn(markdown), ...pathsIn(markdown)].filter((path) => !existsSync(projectFile(path)));
    expect(missing).toEqual([]);
  });

  test('links only to headings that exist', () => {
    const anchors = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
    const wanted = [...markdown.matchAll(/\]\(#([^)\s]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(wanted.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });
});

test('every script that a person runs is named in a document', () => {
  const all = documents.map(readProjectFile).join('\n').replaceAll('npm run --silent ', 'npm run ');
  const shortHand = ['start', 'test'];
  const unnamed = Object.keys(scripts).filter(
    (script) => !all.includes(shortHand.includes(script) ? `npm ${script}` : `npm run ${script}`),
  );
  // `npm test` runs it; nobody else needs to.
  expect(unnamed).toEqual(['codegen:check']);
});

test('ARCHITECTURE.md draws every folder of src', () => {
  const folders = globSync('src/*/', { cwd: projectFile('.') }).map((path) => path.replace(/\/?$/, '/'));
  const drawn = pathsIn(readProjectFile('ARCHITECTURE.md'));
  // Generated code is named with the file that makes it.
  expect(folders.filter((folder) => folder !== 'src/generated/' && !drawn.includes(folder))).toEqual([]);
});

test('CONTRIBUTING.md leads through at least ten files of src', () => {
  const files = pathsIn(readProjectFile('CONTRIBUTING.md')).filter((path) => /^src\/.+\.ts$/.test(path));
  expect(new Set(files).size).toBeGreaterThan(10);
});

test('CHANGELOG.md has a place for what is not released yet', () => {
  expect(readProjectFile('CHANGELOG.md')).toMatch(
    /^## \[Unreleased\]\n\n### (Added|Changed|Deprecated|Removed|Fixed|Security)$/m,
  );
});
