import { GraphQLError } from 'graphql';
import { expect, it } from 'vitest';
import { GatewayError, type GatewayErrorDetails } from '../../src/errors.ts';
import { noteErrors } from '../../src/graphql/note-error.ts';
import { startOperationRecord } from '../../src/observability/operation-record.ts';

function noted(failures: readonly Error[]) {
  const lines: unknown[][] = [];
  const write =
    (level: string) =>
    (...line: unknown[]) =>
      lines.push([level, ...line]);
  const log = { info: write('info'), warn: write('warn'), error: write('error') } as never;
  const record = startOperationRecord();
  const errors = failures.map((originalError, index) => new GraphQLError('x', { originalError, path: ['ids', index] }));
  const before = JSON.stringify(errors);
  noteErrors(errors, { record, log });
  // It notes, and changes nothing.
  expect(JSON.stringify(errors)).toBe(before);
  return { lines, codes: record.errorCodes };
}

const hinted = (details: GatewayErrorDetails) => new GatewayError('UPSTREAM_UNAVAILABLE', 'down', details);

it('one failure is one line, however many errors it makes', () => {
  const failures = Array.from(
    { length: 1_000 },
    () => new GatewayError('INTERNAL_SERVER_ERROR', 'x', { hint: 'GRAPH_BASE_URL' }),
  );
  const { lines, codes } = noted(failures);
  expect(lines).toHaveLength(1);
  expect(codes).toEqual(['INTERNAL_SERVER_ERROR']);
});

it('different failures have a line each', () => {
  const { lines, codes } = noted([
    hinted({ hint: 'A' }),
    hinted({ hint: 'B' }),
    hinted({ hint: 'A' }),
    new TypeError('a bug'),
  ]);
  expect(lines.map(([level]) => level)).toEqual(['warn', 'warn', 'error']);
  expect(codes).toEqual(['UPSTREAM_UNAVAILABLE', 'INTERNAL_SERVER_ERROR']);
});

it('failures that differ in a number do not fill the log', () => {
  expect(noted(Array.from({ length: 500 }, (_, index) => new Error(`bug ${index}`))).lines).toHaveLength(10);
});

it('what is the client’s fault has no line', () => {
  const { lines, codes } = noted([new GatewayError('BAD_USER_INPUT', 'no'), new GatewayError('NOT_FOUND', 'no')]);
  expect(lines).toEqual([]);
  expect(codes).toEqual(['BAD_USER_INPUT', 'NOT_FOUND']);
});
