import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Plugin } from 'rolldown';

/**
 * Writes the licences of all packages whose code is in the bundle into one file beside it: most of them ask for their
 * text to go along.
 * @throws Error for a package with neither a licence file nor a licence in its package.json
 */
export function thirdPartyLicences(fileName: string): Plugin {
  return {
    name: 'third-party-licences',
    generateBundle(_options, bundle) {
      const folders = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        for (const id of chunk.type === 'chunk' ? chunk.moduleIds : []) {
          const folder = packageFolder(id);
          if (folder !== undefined) folders.add(folder);
        }
      }
      const source = [...folders].sort().map(licenceOf).join('\n\n');
      this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

function packageFolder(moduleId: string): string | undefined {
  const marker = `${sep}node_modules${sep}`;
  const start = moduleId.lastIndexOf(marker);
  if (start === -1) return undefined;
  const [scope = '', name = ''] = moduleId.slice(start + marker.length).split(sep);
  return moduleId.slice(0, start + marker.length) + (scope.startsWith('@') ? join(scope, name) : scope);
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = existsSync(folder) ? readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each)) : undefined;
  if (file === undefined && typeof license !== 'string') throw new Error(`${name} has no licence`);
  const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
  return `==== ${name} ${version} (${license ?? 'see below'})${text}`;
}
