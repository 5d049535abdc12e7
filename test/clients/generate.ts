import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '@graphql-codegen/cli';
import config from './app/codegen.ts';

const APP = fileURLToPath(new URL('app/', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RELAY_COMPILER = join(ROOT, 'node_modules/.bin/relay-compiler');
const RELAY_OUTPUT = ['src/relay/__generated__/*.ts', 'persisted-queries.json'];

export const appFile = (path: string): string => join(APP, path);

/** What GraphQL Code Generator and Relay's compiler make of the sample app, by path below `app/`. */
export async function generateAppCode(): Promise<Map<string, string>> {
  const root = mkdtempSync(join(tmpdir(), 'clients-'));
  try {
    cpSync(APP, root, { recursive: true, filter: (path) => !/\/gql$|\/__generated__$|persisted-/.test(path) });
    cpSync(join(ROOT, 'schema.graphql'), join(root, 'schema.graphql'));
    // Relay's compiler adds to this file and wants it to be there.
    writeFileSync(join(root, 'persisted-queries.json'), '{}');
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
    return new Map([...(await clientPreset(root)), ...relayArtifacts(root)]);
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function clientPreset(root: string): Promise<[path: string, text: string][]> {
  // Node and tsc want to see the ending that a bundler would find by itself.
  const files: { filename: string; content: string }[] = await generate(
    { ...config, cwd: root, importExtension: '.ts', silent: true },
    false,
  );
  return files.map(({ filename, content }) => [resolve(root, filename).slice(root.length + 1), content]);
}

function relayArtifacts(root: string): [path: string, text: string][] {
  const { status, stdout, stderr } = spawnSync(RELAY_COMPILER, ['relay.config.json'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`relay-compiler failed:\n${stdout}${stderr}`);
  return globSync(RELAY_OUTPUT, { cwd: root }).map((path) => [path, readFileSync(join(root, path), 'utf8')]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generateAppCode()) {
    mkdirSync(dirname(appFile(path)), { recursive: true });
    writeFileSync(appFile(path), text);
  }
}
