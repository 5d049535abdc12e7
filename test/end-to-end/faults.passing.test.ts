import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import {
  applied,
  delayed,
  dropConnection,
  type Fault,
  graphError,
  hang,
  repeated,
  throttled,
  unavailable,
} from '../../src/emulator/faults.ts';
import { azureIdentity } from '../../src/entra/exchange/azure-identity.ts';
import { askUnder, type FaultRow, perOperation } from '../support/fault-table.ts';

const page: Fault = { status: 200, body: '<!DOCTYPE html><title>Sign in</title>' };
const failure = graphError(500, 'generalException');

/** One request meets the fault, then all is well. */
const passing: readonly FaultRow[] = [
  ['500', failure, 'ok 2', 'UPSTREAM_UNAVAILABLE UNKNOWN 2'],
  ['500 after the work', applied(failure), 'ok 2', 'ok 2'],
  ['500 three times', repeated(3, failure), 'ok 4', 'UPSTREAM_UNAVAILABLE UNKNOWN 4'],
  ['500 three times, after the work', repeated(3, applied(failure)), 'ok 4', 'ok 4'],
  ['502 after the work', applied(unavailable(502)), 'ok 2', 'ok 2'],
  ['503', unavailable(), 'ok 2', 'ok 2'],
  ['503 three times', repeated(3, unavailable()), 'ok 4', 'ok 4'],
  ['504 after the work', applied(graphError(504, 'timeout')), 'ok 2', 'ok 2'],
  ['429 without a wait', throttled(), 'ok 2', 'ok 2'],
  ['429 for no time', throttled(0), 'ok 2', 'ok 2'],
  ['401', graphError(401, 'InvalidAuthenticationToken'), 'ok 2', 'ok 2'],
  ['a broken connection', dropConnection(), 'ok 2', 'UPSTREAM_UNAVAILABLE UNKNOWN 2'],
  ['a broken connection after the work', applied(dropConnection()), 'ok 2', 'ok 2'],
  ['a broken body after the work', applied(dropConnection('mid-body')), 'ok 2', 'ok 2'],
  [
    'a page after the work',
    applied(page),
    'UPSTREAM_UNAVAILABLE 1',
    'ok 2',
    { create: 'UPSTREAM_UNAVAILABLE APPLIED 1', delete: 'ok 1' },
  ],
];

/** Graph takes its time. The budget is short here. */
const slow: readonly FaultRow[] = [
  ['silence', repeated(9, hang()), 'UPSTREAM_TIMEOUT 1', 'UPSTREAM_TIMEOUT UNKNOWN 2'],
  ['silence once', hang(), 'UPSTREAM_TIMEOUT 1', 'UPSTREAM_TIMEOUT UNKNOWN 2'],
  ['silence after the work', applied(hang()), 'UPSTREAM_TIMEOUT 1', 'ok 2'],
  ['an answer too late', repeated(9, delayed(9_000)), 'UPSTREAM_TIMEOUT 1', 'UPSTREAM_TIMEOUT UNKNOWN 2'],
  ['a late answer', delayed(30), 'ok 1', 'ok 1'],
];

let emulator: Emulator;
beforeAll(async () => {
  // The first exchange of a process loads the library, which must not count against a small budget.
  azureIdentity();
  emulator = await startEmulator();
});
afterEach(() => emulator.graph.clear());
afterAll(() => emulator.close());

describe('a fault that passes', () => {
  it.each(perOperation(passing))('$name, $operation: $expected', async ({ operation, fault, expected }) => {
    expect(await askUnder(fault, { emulator, operation })).toBe(expected);
  });
});

describe('an answer that takes its time', () => {
  const BUDGET_MS = 600;
  it.each(perOperation(slow))('$name, $operation: $expected', async ({ operation, fault, expected }) => {
    const began = performance.now();
    const env = { REQUEST_TIMEOUT_MS: String(BUDGET_MS) };
    expect(await askUnder(fault, { emulator, operation, env })).toBe(expected);
    expect(performance.now() - began).toBeLessThan(BUDGET_MS + 2_000);
  });
});
