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
  create: `mutation { answer: createRemoteHelpSessionResponse(input: { sessionKey: "new", deviceName: "Sent" }) {
    remoteHelpSessionResponse { deviceName } } }`,
  delete: 'mutation { answer: deleteRemoteHelpSessionResponse(id: "session-1") { deletedId } }',
} as const;
export type Operation = keyof typeof operations;

/**
 * A fault of Graph, and what each operation makes of it: the code, of a change its outcome, and how many calls were
 * sent. Where batch or list differ from the single read, and create or delete from the update, they are named.
 */
export type FaultRow = readonly [
  name: string,
  fault: Fault,
  read: string,
  update: string,
  others?: { readonly [O in 'batch' | 'list' | 'create' | 'delete']?: string },
];

/** A row for each operation. */
export function perOperation(rows: readonly FaultRow[]) {
  return rows.flatMap(([name, fault, read, update, others]) =>
    Object.entries({ single: read, batch: read, list: read, update, create: update, delete: update, ...others }).map(
      ([operation, expected]) => ({
        name,
        fault,
        operation: operation as Operation,
        expected,
      }),
    ),
  );
}

/** What Graph holds of the session before and after a change, and what the change answers. */
const STORED = {
  update: { before: 'Before', after: 'Sent', answer: { remoteHelpSessionResponse: { deviceName: 'Sent' } } },
  create: { before: undefined, after: 'Sent', answer: { remoteHelpSessionResponse: { deviceName: 'Sent' } } },
  delete: { before: 'Before', after: undefined, answer: { deletedId: 'session-1' } },
} as const;

/** What a fresh gateway makes of the fault, in the words of the table. */
export async function askUnder(
  fault: Fault,
  { emulator, operation, env = {} }: { emulator: Emulator; operation: Operation; env?: Record<string, string> },
): Promise<string> {
  const { graph } = emulator;
  const { query } = await startGateway({ emulator, env });
  graph.sessions.set('session-1', { ...graph.sessions.get('session-1'), deviceName: 'Before' });
  graph.sessions.delete('new');
  graph.respondWith(forRequests({ path: '/beta/' }, fault));
  const { body } = await query(operations[operation]);
  expect(JSON.stringify(body), 'nothing of the answer is shown').not.toMatch(/leaked|DOCTYPE|127\.0\.0\.1/);
  const { code = 'ok', outcome } = body.errors?.[0]?.extensions ?? {};
  const isBelieved = fault.status !== undefined && fault.status < 300 && fault.apply !== true;
  if (operation in STORED && !isBelieved) {
    const { before, after, answer } = STORED[operation as keyof typeof STORED];
    const stored = graph.sessions.get(operation === 'create' ? 'new' : 'session-1')?.deviceName;
    if (code === 'ok') expect(body.data.answer).toEqual(answer);
    if (code === 'ok' || outcome === 'APPLIED') expect(stored).toBe(after);
    if (outcome === 'NOT_APPLIED') expect(stored).toBe(before);
  }
  return [code, outcome, graph.requests.length].filter((part) => part !== undefined).join(' ');
}
