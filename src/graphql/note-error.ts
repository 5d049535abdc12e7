import type { GraphQLError } from 'graphql';
import { noteFailure } from '../observability/note-failure.ts';
import type { GatewayRequest } from './context.ts';
import { codeOf, gatewayErrorOf, isUnforeseen } from './format-error.ts';

/**
 * Notes the errors of an operation: their codes for its log line, and a line of its own for each failure that an operator
 * must know. What happened to a thousand ids for one reason is one failure, and one line.
 */
export function noteErrors(errors: readonly GraphQLError[], { record, log }: Pick<GatewayRequest, 'record' | 'log'>) {
  const noted = new Set<string>();
  for (const error of errors) {
    const code = codeOf(error);
    noteFailure(record, code, gatewayErrorOf(error));
    const line = lineOf(error);
    if (line === undefined) continue;
    const failure = JSON.stringify([line.level, code, line.about]);
    if (noted.has(failure) || noted.size === MAX_LINES) continue;
    noted.add(failure);
    log[line.level](line.fields, line.text);
  }
}

/** Of one operation: what it can meet is of a few kinds, and texts that differ in a number must not fill the log. */
const MAX_LINES = 10;

interface Line {
  readonly level: 'error' | 'warn';
  readonly fields: object;
  readonly text: string;
  /** What tells this failure from others of the same code. */
  readonly about: readonly unknown[];
}

function lineOf(error: GraphQLError): Line | undefined {
  const known = gatewayErrorOf(error);
  if (known === undefined) {
    if (!isUnforeseen(error)) return undefined;
    const err = error.originalError ?? error;
    return { level: 'error', fields: { err }, text: 'unforeseen failure', about: [err.message] };
  }
  const { hint, graph, cause } = known.details;
  const about = [hint, graph?.status, graph?.code, cause instanceof Error ? cause.message : undefined];
  if (known.code === 'INTERNAL_SERVER_ERROR') {
    return { level: 'error', fields: { hint, graph, err: cause }, text: 'misconfigured, or a bug', about };
  }
  if (hint === undefined) return undefined;
  return { level: 'warn', fields: { code: known.code, hint }, text: 'upstream refused', about };
}
