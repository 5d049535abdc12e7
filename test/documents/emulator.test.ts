import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { codeIn, tableBelow } from './markdown.ts';
import { readProjectFile } from './project.ts';

const page = readProjectFile('docs/emulator.md');
const firstCells = (heading: string, column: string) =>
  tableBelow(page, heading, column).flatMap(([cell = '']) => codeIn(cell));

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** What a control route says to what it does not know: it names all that it does. */
async function refusal(server: 'entra' | 'graph', path: string, body: unknown): Promise<string> {
  const origin = server === 'entra' ? emulator.entra.origin : emulator.graph.origin;
  const answer = await fetch(`${origin}/_emulator/${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(400);
  return ((await answer.json()) as { error: string }).error;
}
const namesAfter = (said: string, words: string) => said.split(words)[1]?.split(', ') ?? [];

describe('docs/emulator.md names all that the emulator knows, and nothing else:', () => {
  test.each([
    ['entra', 'preset at Entra'],
    ['graph', 'preset at Graph'],
  ] as const)('presets of %s', async (server, column) => {
    const said = await refusal(server, 'faults', [{ preset: 'none' }]);
    expect(firstCells('Faults', column).sort()).toEqual(namesAfter(said, 'this server knows ').sort());
  });

  test('members of a fault', async () => {
    const said = await refusal('graph', 'faults', [{ staus: 503 }]);
    expect(firstCells('Faults', 'member').sort()).toEqual(namesAfter(said, 'known: ').sort());
    const [, quoted = ''] = /`(unknown member "staus" of fault 1; known: preset, match), \.\.\.`/.exec(page) ?? [];
    expect(said).toContain(quoted);
    expect(quoted).not.toBe('');
  });

  test('members of a token', async () => {
    const said = await refusal('entra', 'token', { oyd: 'x' });
    const [, told = ''] = /^(Members: [\s\S]*?)\n\n/m.exec(page) ?? [];
    expect(codeIn(told).sort()).toEqual(namesAfter(said, 'known: ').sort());
  });

  test('settings', () => {
    const known = readProjectFile('src/emulator/emulator-settings.ts').match(/EMULATOR_[A-Z_]+/g) ?? [];
    // `EMULATOR_*` in a comment is none.
    const names = [...new Set(known)].filter((name) => !name.endsWith('_'));
    expect(firstCells('Settings', 'name').sort()).toEqual(names.sort());
  });

  test('people, and the ids that never change', () => {
    const told = tableBelow(page, 'People', 'name').map(([name, username = '', oid = '']) => ({
      name,
      username: codeIn(username).join(),
      oid: codeIn(oid).join(),
    }));
    expect(told).toEqual(samplePeople);
    expect(page).toContain(
      `tenant id \`${emulator.entra.tenantId}\` and the client id\n\`${emulator.entra.clientId}\``,
    );
  });
});
