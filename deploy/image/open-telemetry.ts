/**
 * Copies OpenTelemetry's packages, and all that they need, out of node_modules: they are not in the bundle, because the
 * SDK loads what its variables name. Which packages these are is read from the lock file.
 *
 *   node deploy/image/open-telemetry.ts FOLDER
 */
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('usage: node deploy/image/open-telemetry.ts FOLDER');
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const needed = new Set<string>();

/** As Node looks for a package: beside whoever asks, then further and further up. */
function add(name: string, from: string): void {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules') - 1))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const found = packages[path];
    if (found !== undefined) {
      if (needed.has(path)) return;
      needed.add(path);
      for (const next of Object.keys({ ...found.dependencies, ...found.optionalDependencies })) add(next, path);
      return;
    }
    if (folder === '') return;
  }
}

for (const name of Object.keys(packages['']?.dependencies ?? {})) if (name.startsWith('@opentelemetry/')) add(name, '');
for (const path of needed) {
  // What a package holds in a node_modules of its own is in the list, if it is needed.
  const own = (source: string) => !source.slice(path.length).includes('node_modules') && !source.endsWith('.map');
  cpSync(path, join(target, path), { recursive: true, filter: own });
}
