import { expect } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { type Fault, forRequests } from '../../src/emulator/faults.ts';
import { startGateway } from './gateway.ts';

/** The operations of the fault tables. */
export const operations = {
  single: '{ answer: remoteHelpSessionResponse(id: "session-1") { deviceName } }',
  batch: '{ answer: remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { deviceName } }',
  list: '{ answer: remoteHelpSessionResponses(first: 2) { nodes { deviceName } } }',
  update: `mutation { answer: updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "Sent" }) {
    remoteHelpSessionResponse { deviceName } } }`,
} as const;
export type Operation = keyof typeof operations;

/**
 * A fault of Graph, and what each operation makes of it: the code, of an update its outcome, and how many calls were
 * sent. Where batch or list differ from the single read, they are named.
 */
export type FaultRow = readonly [
  name: string,
  fault: Fault,
  read: string,
  update: string,
  others?: { readonly batch?: string; readonly list?: string },
];

/** A row for each operation. */
export function perOperation(rows: readonly FaultRow[]) {
  return rows.flatMap(([name, fault, read, update, others]) =>
    Object.entries({ single: read, batch: read, list: read, ...others, update }).map(([operation, expected]) => ({
      name,
      fault,
      operation: operation as Operation,
      expected,
    })),
  );
}

/** What a fresh gateway makes of the fault, in the words of the table. */
export async function askUnder(
  fault: Fault,
  { emulator, operation, env = {} }: { emulator: Emulator; operation: Operation; env?: Record<string, string> },
): Promise<string> {
  const { graph } = emulator;
  const { query } = await startGateway({ emulator, env });
  graph.sessions.set('session-1', { ...graph.sessions.get('session-1'), deviceName: 'Before' });
  graph.respondWith(forRequests({ path: '/beta/' }, fault));
  const { body } = await query(operations[operation]);
  expect(JSON.stringify(body), 'nothing of the answer is shown').not.toMatch(/leaked|DOCTYPE|127\.0\.0\.1/);
  const { code = 'ok', outcome } = body.errors?.[0]?.extensions ?? {};
  if (operation === 'update') {
    const stored = graph.sessions.get('session-1')?.deviceName;
    if (code === 'ok') expect(body.data.answer.remoteHelpSessionResponse.deviceName).toBe('Sent');
    if (code === 'ok' || outcome === 'APPLIED') expect(stored).toBe('Sent');
    if (outcome === 'NOT_APPLIED') expect(stored).toBe('Before');
  }
  return [code, outcome, graph.requests.length].filter((part) => part !== undefined).join(' ');
}
