import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.ts';
import { dropConnection, type Fault, graphError, repeated, throttled, unavailable } from '../../src/emulator/faults.ts';
import { askUnder, type FaultRow, perOperation } from '../support/fault-table.ts';

const always = (fault: Fault) => repeated(Number.POSITIVE_INFINITY, fault);
const json = (body: string): Fault => ({ status: 200, headers: { 'Content-Type': 'application/json' }, body });
const page = (status: number): Fault => ({ status, body: '<!DOCTYPE html><title>Sign in</title>' });
const unknownSegment = graphError(400, 'BadRequest', "Resource not found for the segment 'x'.");

/** Graph's word for it is taken: a create has no answer then, and a delete needs none. */
const saidToBeDone = { create: 'UPSTREAM_UNAVAILABLE APPLIED 1', delete: 'ok 1' };

/**
 * Reads are made four times; updates again only after what certainly changed nothing, else they are read back. A batch
 * that is refused as a whole is asked for singly.
 */
const rows: readonly FaultRow[] = [
  ['500', graphError(500, 'generalException'), 'UPSTREAM_UNAVAILABLE 4', 'UPSTREAM_UNAVAILABLE UNKNOWN 5'],
  ['502', unavailable(502), 'UPSTREAM_UNAVAILABLE 4', 'UPSTREAM_UNAVAILABLE UNKNOWN 5'],
  ['503', unavailable(503), 'UPSTREAM_UNAVAILABLE 4', 'UPSTREAM_UNAVAILABLE NOT_APPLIED 4'],
  ['504', graphError(504, 'timeout'), 'UPSTREAM_UNAVAILABLE 4', 'UPSTREAM_UNAVAILABLE UNKNOWN 5'],
  [
    '501',
    graphError(501, 'notImplemented'),
    'UPSTREAM_UNAVAILABLE 1',
    'UPSTREAM_UNAVAILABLE NOT_APPLIED 1',
    { batch: 'UPSTREAM_UNAVAILABLE 3' },
  ],
  ['507', graphError(507, 'storage'), 'UPSTREAM_UNAVAILABLE 1', 'UPSTREAM_UNAVAILABLE UNKNOWN 2'],
  ['429 without a wait', throttled(), 'THROTTLED 4', 'THROTTLED NOT_APPLIED 4'],
  ['429 for a minute', throttled(60), 'THROTTLED 1', 'THROTTLED NOT_APPLIED 1'],
  ['503 for a minute', unavailable(503, 60), 'THROTTLED 1', 'THROTTLED NOT_APPLIED 1'],
  ['400', graphError(400, 'Bad'), 'BAD_USER_INPUT 1', 'BAD_USER_INPUT NOT_APPLIED 1', { batch: 'BAD_USER_INPUT 3' }],
  [
    '404',
    graphError(404, 'x'),
    'ok 1',
    'NOT_FOUND NOT_APPLIED 1',
    { batch: 'ok 3', list: 'INTERNAL_SERVER_ERROR 1', create: 'INTERNAL_SERVER_ERROR NOT_APPLIED 1' },
  ],
  [
    'a path that Graph does not know',
    unknownSegment,
    'INTERNAL_SERVER_ERROR 1',
    'INTERNAL_SERVER_ERROR NOT_APPLIED 1',
    { batch: 'INTERNAL_SERVER_ERROR 3' },
  ],
  [
    '400 that is a page',
    page(400),
    'UPSTREAM_UNAVAILABLE 1',
    'UPSTREAM_UNAVAILABLE NOT_APPLIED 1',
    { batch: 'UPSTREAM_UNAVAILABLE 3' },
  ],
  ['401 for a new token', graphError(401, 'x'), 'UPSTREAM_UNAVAILABLE 2', 'UPSTREAM_UNAVAILABLE NOT_APPLIED 2'],
  ['402', graphError(402, 'x'), 'FORBIDDEN 1', 'FORBIDDEN NOT_APPLIED 1', { batch: 'FORBIDDEN 3' }],
  ['403', graphError(403, 'x'), 'FORBIDDEN 1', 'FORBIDDEN NOT_APPLIED 1', { batch: 'FORBIDDEN 3' }],
  [
    '403 that is a page',
    page(403),
    'UPSTREAM_UNAVAILABLE 1',
    'UPSTREAM_UNAVAILABLE NOT_APPLIED 1',
    { batch: 'UPSTREAM_UNAVAILABLE 3' },
  ],
  [
    '405',
    graphError(405, 'x'),
    'INTERNAL_SERVER_ERROR 1',
    'INTERNAL_SERVER_ERROR NOT_APPLIED 1',
    { batch: 'INTERNAL_SERVER_ERROR 3' },
  ],
  ['409', graphError(409, 'x'), 'CONFLICT 1', 'CONFLICT NOT_APPLIED 1', { batch: 'CONFLICT 3' }],
  ['412', graphError(412, 'x'), 'CONFLICT 1', 'CONFLICT NOT_APPLIED 1', { batch: 'CONFLICT 3' }],
  ['a broken connection', dropConnection(), 'UPSTREAM_UNAVAILABLE 4', 'UPSTREAM_UNAVAILABLE UNKNOWN 5'],
  ['a broken body', dropConnection('mid-body'), 'UPSTREAM_UNAVAILABLE 4', 'UPSTREAM_UNAVAILABLE UNKNOWN 5'],
  ['a page', page(200), 'UPSTREAM_UNAVAILABLE 1', 'UPSTREAM_UNAVAILABLE UNKNOWN 2', saidToBeDone],
  [
    'cut JSON',
    json('{"value":{"deviceName":"leaked'),
    'UPSTREAM_UNAVAILABLE 1',
    'UPSTREAM_UNAVAILABLE UNKNOWN 2',
    saidToBeDone,
  ],
  [
    'an array',
    json('[{"deviceName":"leaked"}]'),
    'UPSTREAM_UNAVAILABLE 1',
    'UPSTREAM_UNAVAILABLE UNKNOWN 2',
    saidToBeDone,
  ],
  ['null', json('null'), 'UPSTREAM_UNAVAILABLE 1', 'UPSTREAM_UNAVAILABLE UNKNOWN 2', saidToBeDone],
  ['a text', json('"leaked"'), 'UPSTREAM_UNAVAILABLE 1', 'UPSTREAM_UNAVAILABLE UNKNOWN 2', saidToBeDone],
  ['a number', json('200'), 'UPSTREAM_UNAVAILABLE 1', 'UPSTREAM_UNAVAILABLE UNKNOWN 2', saidToBeDone],
  ['a null value', json('{"value":null}'), 'UPSTREAM_UNAVAILABLE 1', 'UPSTREAM_UNAVAILABLE UNKNOWN 2', saidToBeDone],
  [
    'a success with an error',
    json('{"error":{}}'),
    'UPSTREAM_UNAVAILABLE 1',
    'UPSTREAM_UNAVAILABLE UNKNOWN 2',
    saidToBeDone,
  ],
  [
    'a redirect',
    { status: 302, headers: { Location: '/x' } },
    'UPSTREAM_UNAVAILABLE 1',
    'UPSTREAM_UNAVAILABLE UNKNOWN 2',
  ],
  ['304', { status: 304 }, 'UPSTREAM_UNAVAILABLE 1', 'UPSTREAM_UNAVAILABLE UNKNOWN 2'],
];

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.graph.clear());
afterAll(() => emulator.close());

it.each(perOperation(rows))('$name, $operation: $expected', async ({ operation, fault, expected }) => {
  expect(await askUnder(always(fault), { emulator, operation })).toBe(expected);
});

it('an empty success of an update is a success, of which only the answer is missing', async () => {
  const { graph } = emulator;
  graph.patchAnswers = 204;
  const failingRead = always({ ...graphError(500, 'generalException'), match: { method: 'GET' } });
  expect(await askUnder(failingRead, { emulator, operation: 'update' })).toBe('UPSTREAM_UNAVAILABLE APPLIED 5');
  graph.patchAnswers = 200;
});
