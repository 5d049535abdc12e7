import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { projectFile } from './project.ts';

/** Imports that the linter must refuse, and ones beside them that it must let pass. */
const forbidden = [
  ['src/errors.ts', './config.ts'],
  ['src/config.ts', './http/transport.ts'],
  ['src/observability/planted.ts', '../graphql/context.ts'],
  ['src/http/planted.ts', '../msgraph/graph-client.ts'],
  ['src/entra/planted.ts', '../msgraph/graph-client.ts'],
  ['src/entra/planted.ts', '../graphql/context.ts'],
  ['src/msgraph/planted.ts', '../entra/caller.ts'],
  ['src/msgraph/planted.ts', '../graphql/context.ts'],
  ['src/graphql/planted.ts', '../web/health.ts'],
  ['src/graphql/execution/planted.ts', '../../web/health.ts'],
  ['src/replicas/planted.ts', '../entra/caller.ts'],
  ['src/http/planted.ts', '../replicas/caller-limit.ts'],
  ['src/explorer/planted.ts', '../web/health.ts'],
  ['src/graphql/planted.ts', '../server.ts'],
  ['src/graphql/planted.ts', '../emulator/emulator.ts'],
  ['src/web/planted.ts', '../msgraph/graph-client.ts'],
  ['src/server.ts', './emulator/emulator.ts'],
  ['src/server.ts', './main.ts'],
  ['src/emulator/planted.ts', '../errors.ts'],
  ['src/emulator/entra/planted.ts', '../../entra/caller.ts'],
  ['src/emulator/entra/sign-in/planted.ts', '../../../entra/caller.ts'],
] as const;
const allowed = [
  ['src/run-gateway.ts', './emulator/emulator.ts'],
  ['src/server.ts', './graphql/graphql-handler.ts'],
  ['src/web/planted.ts', '../graphql/context.ts'],
  ['src/graphql/planted.ts', '../entra/caller.ts'],
  ['src/graphql/planted.ts', '../msgraph/graph-client.ts'],
  ['src/msgraph/planted.ts', '../http/budget.ts'],
  ['src/msgraph/planted.ts', '../generated/graphql.ts'],
  ['src/graphql/documents/planted.ts', '../../msgraph/graph-client.ts'],
  ['src/entra/planted.ts', '../replicas/caller-limit.ts'],
  ['src/explorer/planted.ts', '../graphql/context.ts'],
  ['src/http/planted.ts', '../errors.ts'],
  ['src/emulator/entra/planted.ts', '../json.ts'],
  ['src/emulator/entra/sign-in/planted.ts', '../../json.ts'],
  ['test/planted.ts', '../src/emulator/emulator.ts'],
] as const;

/** Each import, as `file -> specifier`, that the linter refuses, in a tree that holds nothing but them. */
function refusals(imports: readonly (readonly [file: string, specifier: string])[]): string[] {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'directions-')));
  onTestFinished(() => rmSync(root, { recursive: true }));
  cpSync(projectFile('biome.json'), join(root, 'biome.json'));
  const linesOf = Map.groupBy(imports, ([file]) => file);
  for (const [file, lines] of linesOf) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), lines.map(([, specifier]) => `import '${specifier}';\n`).join(''));
  }
  const biome = projectFile('node_modules/.bin/biome');
  const args = ['lint', '--only=style/noRestrictedImports', '--vcs-enabled=false', '--reporter=github', '.'];
  let said: string;
  try {
    said = execFileSync(biome, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    said = String((error as { stdout: unknown }).stdout);
  }
  return [...said.matchAll(/^::error .*file=([^,]+),line=(\d+)/gm)].map(([, file = '', line]) => {
    const name = relative(root, resolve(root, file));
    return `${name} -> ${linesOf.get(name)?.[Number(line) - 1]?.[1]}`;
  });
}

test('the linter refuses every import that points the wrong way, and no other', () => {
  const wrongWay = forbidden.map(([file, specifier]) => `${file} -> ${specifier}`);
  expect(refusals([...allowed, ...forbidden]).sort()).toEqual(wrongWay.sort());
});
