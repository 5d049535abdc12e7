import { describe, expect, test } from 'vitest';
import { loadConfig, settings } from '../../src/config.ts';
import { codeIn, tableBelow } from './markdown.ts';
import { readProjectFile } from './project.ts';

const names = Object.keys(settings) as (keyof typeof settings)[];
const rows = tableBelow(readProjectFile('docs/operating.md'), 'Settings', 'name');

describe('the table of settings in docs/operating.md', () => {
  test('names each setting of config.ts once, and nothing else', () => {
    expect(rows.map(([name = '']) => codeIn(name).join()).sort()).toEqual([...names].sort());
  });

  test.each(names)('tells the default of %s', (name) => {
    const [, told = ''] = rows.find(([cell]) => cell === `\`${name}\``) ?? [];
    const { default: value } = settings[name];
    if (value === undefined) expect(told).toMatch(/^[^`]/);
    else expect(told).toMatch(new RegExp(`^\`${String(value).replaceAll('.', '\\.')}\``));
  });

  test('says what each setting means', () => {
    expect(rows.filter(([, , meaning = '']) => meaning.length < 5)).toEqual([]);
  });
});

describe('.env.example', () => {
  const lines = readProjectFile('.env.example').split('\n');
  const entries = lines.flatMap((line) => /^# ([A-Z_]+)=(.*)$/.exec(line)?.slice(1) ?? []);
  const listed = Object.fromEntries(
    entries.flatMap((entry, index) => (index % 2 === 0 ? [[entry, entries[index + 1]]] : [])),
  );

  test('lists each setting with its default, and nothing else', () => {
    const defaults = names.map((name) => [name, String(settings[name].default ?? '')]);
    expect(listed).toEqual(Object.fromEntries(defaults));
  });

  test('is to be copied to the file that npm start and npm run dev read', () => {
    const { scripts } = JSON.parse(readProjectFile('package.json')) as { scripts: Record<string, string> };
    for (const script of [scripts.start, scripts.dev]) expect(script).toMatch(/^node (--[\w-]+ )*src\/main\.ts \.env$/);
  });

  test('sets nothing as it stands', () => {
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  test('holds defaults that the gateway takes', () => {
    const { AZURE_USE_MANAGED_IDENTITY: _, ...rest } = listed;
    const azure = { AZURE_TENANT_ID: 'contoso.example', AZURE_CLIENT_ID: 'id', AZURE_CLIENT_SECRET: 'secret' };
    expect(loadConfig({ ...rest, ...azure })).toEqual(loadConfig(azure));
  });
});
