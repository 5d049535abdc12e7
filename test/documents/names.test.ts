import { existsSync, globSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorOf, codeIn, fencesOf, headingsIn } from './markdown.ts';
import { projectFile, readProjectFile } from './project.ts';

const documents = globSync(['*.md', 'docs/*.md'], { cwd: projectFile('.') });
const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
/** npm's own words, which need no entry in package.json. */
const NPM_COMMANDS = ['ci', 'install'];

/** The files and headings that a document links to, other sites apart; a file as seen from the project's root. */
function linksIn(document: string): { readonly file: string; readonly anchor: string | undefined }[] {
  const links = [...readProjectFile(document).matchAll(/\]\(([^)\s#:]*)(?:#([^)\s]+))?\)/g)];
  return links
    .filter(([, target, anchor]) => target || anchor)
    .map(([, target, anchor]) => ({
      file: target ? posix.join(posix.dirname(document), target) : document,
      anchor,
    }));
}

/** Words in backticks, or at the beginning of a line of a drawing, that look like a path of this project. */
function pathsIn(markdown: string): string[] {
  const drawn = fencesOf(markdown).flatMap(({ text }) => text.match(/^[\w./-]+/gm) ?? []);
  return [...codeIn(markdown), ...drawn].filter((word) => /^(src|test|\.ci|\.github)\/[\w./-]+$/.test(word));
}

test('there are the documents that a project has', () => {
  expect(documents).toEqual(
    expect.arrayContaining([
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'README.md',
      'SECURITY.md',
      'docs/emulator.md',
      'docs/entra.md',
      'docs/federation.md',
      'docs/operating.md',
    ]),
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
    const named = [...linksIn(document).map(({ file }) => file), ...pathsIn(markdown)];
    const missing = named.filter((path) => !existsSync(projectFile(path)));
    expect(missing).toEqual([]);
  });

  test('links only to headings that exist, in other documents too', () => {
    const missing = linksIn(document).filter(({ file, anchor }) => {
      if (anchor === undefined || !existsSync(projectFile(file))) return false;
      return !headingsIn(readProjectFile(file)).map(anchorOf).includes(anchor);
    });
    expect(missing).toEqual([]);
  });

  test('is reached by a link from the README', () => {
    const reached = new Set(['README.md']);
    for (const each of reached) {
      for (const { file } of linksIn(each)) if (documents.includes(file)) reached.add(file);
    }
    expect(reached).toContain(document);
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

describe('ARCHITECTURE.md', () => {
  const page = readProjectFile('ARCHITECTURE.md');

  test('draws every room of src', () => {
    const folders = globSync(['src/*/', 'src/!(emulator)/*/'], { cwd: projectFile('.') }).map((path) =>
      path.replace(/\/?$/, '/'),
    );
    expect(folders.length).toBeGreaterThan(12);
    // Generated code is named with the file that makes it.
    expect(folders.filter((folder) => folder !== 'src/generated/' && !pathsIn(page).includes(folder))).toEqual([]);
  });

  test('tells the way of a request in ten lines, each a file', () => {
    const lines = page.match(/^\d+\. .*$/gm) ?? [];
    expect(lines.map((line) => /^\d+\. `src\/[\w./-]+\.ts`: /.test(line))).toEqual(Array(10).fill(true));
  });
});

test('each promise of SECURITY.md names tests', () => {
  const [, promises = ''] = /^## What is promised\n([\s\S]*?)^## /m.exec(readProjectFile('SECURITY.md')) ?? [];
  const paragraphs = promises.split('\n\n').filter((paragraph) => /^\s*\*\*/.test(paragraph));
  expect(paragraphs.length).toBeGreaterThan(10);
  expect(paragraphs.filter((paragraph) => !/`test\/[\w./-]+\.test\.ts`$/.test(paragraph.trim()))).toEqual([]);
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
