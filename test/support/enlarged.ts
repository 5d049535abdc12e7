import type { Emulator } from '../../src/emulator/emulator.ts';
import { operations } from './fault-table.ts';

/** Enlarges a session, and gives a short document: one call to Graph, and about so many megabytes of answer. */
export function enlarged(emulator: Emulator, megabytes: number): string {
  const session = emulator.graph.sessions.get('session-1') ?? {};
  session.deviceName = 'x'.repeat(megabytes * 100_000);
  const fields = Array.from({ length: 10 }, (_, index) => `a${index}: ${operations.single.slice(10, -2)}`);
  return `{ ${fields.join(' ')} }`;
}
