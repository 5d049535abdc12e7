import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fencesOf } from './markdown.ts';
import { projectFile, readProjectFile } from './project.ts';

const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };

test('CI runs the very command that the README tells', () => {
  const [command] = /^npm ci && npm test\b/m.exec(fencesOf(readProjectFile('README.md'))[0]?.text ?? '') ?? [];
  expect(command).toBeDefined();
  expect(readProjectFile('.ci/run').trimEnd().split('\n').at(-1)).toBe(command);
  expect(statSync(projectFile('.ci/run')).mode & 0o111).toBe(0o111);
});

test('npm test is generated code, lint, types and tests', () => {
  expect(scripts.test?.split(' && ')).toEqual([
    'npm run codegen:check',
    'npm run lint',
    'npm run typecheck',
    'vitest run',
  ]);
});

test('generated code that is older than the schema fails the gate', () => {
  const root = mkdtempSync(join(tmpdir(), 'stale-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'src'));
  for (const path of ['codegen.ts', 'package.json', 'tsconfig.json', 'src/generated']) {
    cpSync(projectFile(path), join(root, path), { recursive: true });
  }
  symlinkSync(projectFile('node_modules'), join(root, 'node_modules'));
  const check = (schema: string) => {
    writeFileSync(join(root, 'schema.graphql'), schema);
    const [program = '', ...args] = scripts['codegen:check']?.split(' ') ?? [];
    return spawnSync(join(root, 'node_modules/.bin', program), args, { cwd: root, encoding: 'utf8' });
  };
  const schema = readProjectFile('schema.graphql');
  expect(check(schema).status).toBe(0);
  const stale = check(schema.replace('  deviceName: String\n', '  deviceName: String\n  planted: String\n'));
  expect(stale.status).not.toBe(0);
  expect(stale.stdout + stale.stderr).toContain('src/generated/graphql.ts');
});
