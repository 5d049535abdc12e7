import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { type Fence, fencesOf } from './markdown.ts';
import { readProjectFile } from './project.ts';

const APP = 'test/clients/app';
const page = readProjectFile('docs/clients.md');
const fences = fencesOf(page);

/** What stands between `#region name` and `#endregion`, moved to the left edge. */
function regionOf(path: string, name: string): string {
  const pattern = new RegExp(`^ *// #region ${name}\\n([\\s\\S]*?)^ *// #endregion`, 'm');
  const text = pattern.exec(readProjectFile(path))?.[1] ?? '';
  const indent = /^ */.exec(text)?.[0] ?? '';
  return text.replace(new RegExp(`^${indent}`, 'gm'), '');
}

describe('the samples of docs/clients.md', () => {
  const samples = fences.filter(({ info }) => /^(ts|tsx|js|json|graphql)\b/.test(info) && !/not-run|answer/.test(info));

  test('are many', () => {
    expect(samples.length).toBeGreaterThan(20);
  });

  test.each(samples)('$info is the text of its file', ({ info, text }) => {
    const [, path = '', name] = /^\w+ ([^#]+)(?:#(.+))?$/.exec(info) ?? [];
    expect(path).not.toBe('');
    expect(text).toBe(name === undefined ? readProjectFile(`${APP}/${path}`) : regionOf(`${APP}/${path}`, name));
  });

  test.each(['swift', 'kotlin'])('name every code and every outcome in %s', (language) => {
    const named = (names: RegExp) =>
      fences
        .filter(({ info }) => info === language)
        .flatMap(({ text }) => text.match(names) ?? [])
        .flatMap((block) => block.match(/\b[A-Z]+(?:_[A-Z]+)+\b|\b[A-Z]{4,}\b/g) ?? [])
        .sort();
    const members = (type: string) =>
      [
        ...(regionOf(`${APP}/src/gateway-errors.ts`, 'types')
          .split(`type ${type} =`)[1]
          ?.split(';')[0]
          ?.matchAll(/'(\w+)'/g) ?? []),
      ]
        .map(([, member]) => member)
        .sort();
    expect(named(/enum (?:class )?GatewayErrorCode[\s\S]*?\n}/)).toEqual(members('GatewayErrorCode'));
    expect(named(/enum (?:class )?Outcome[^}]*}/)).toEqual(members('Outcome'));
  });
});

describe('the recipes of docs/clients.md', () => {
  const setup = fences.find(({ info }) => info === 'sh setup')?.text ?? '';
  const recipes = fences.flatMap((fence, index) => {
    const answer = fences[index + 1];
    return fence.info === 'sh recipe' ? [{ commands: fence.text, answer }] : [];
  });

  it('are six, with an answer below each block of commands', () => {
    const [, ...sections] = page.split('## Testing against the emulator')[1]?.split(/^## /m)[0]?.split(/^### /m) ?? [];
    expect(sections.map((section) => section.split('\n')[0])).toEqual([
      'MFA',
      'Throttling',
      'Timeout',
      'Lost answer',
      'Empty list',
      'Many pages',
    ]);
    expect(recipes.map(({ answer }) => answer?.info)).toEqual(recipes.map(() => 'json answer'));
  });

  // The readers' own curl; a machine without it can still run the rest.
  it
    .skipIf(spawnSync('curl', ['--version']).error !== undefined)
    .each(recipes.map((recipe, index) => ({ ...recipe, number: index + 1 })))(
    'block $number of commands is answered as the page says',
    async ({ commands, answer }) => {
      const { url, emulator } = await startGateway({ env: { REQUEST_TIMEOUT_MS: '2000' } });
      const here = setup
        .replace('http://127.0.0.1:4100', emulator.entra.origin)
        .replace('http://127.0.0.1:4200', emulator.graph.origin)
        .replace('http://127.0.0.1:4000', url);
      expect(await lastLineOf(`${here}\n${commands}`)).toMatchObject(JSON.parse((answer as Fence).text));
    },
  );
});

/** The JSON that a shell prints last. */
async function lastLineOf(script: string): Promise<unknown> {
  const shell = spawn('sh', ['-e', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  expect(await once(shell, 'close')).toEqual([0, null]);
  return JSON.parse(out.trim().split('\n').at(-1) ?? '');
}
