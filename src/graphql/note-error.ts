import type { GraphQLError } from 'graphql';
import { causesOf } from '../observability/causes.ts';
import { noteFailure } from '../observability/operation-record.ts';
import type { GatewayRequest } from './context.ts';
import { codeOf, gatewayErrorOf, isUnforeseen } from './format-error.ts';

/** So many failures of one operation get a line of their own: an id list may fail in a thousand places. */
const MAX_LINES = 5;

/**
 * Notes an error of an operation for its log line; what an operator must know gets a line of its own, each different
 * failure once in an operation.
 */
export function noteError(error: GraphQLError, { record, log }: Pick<GatewayRequest, 'record' | 'log'>): void {
  const known = gatewayErrorOf(error);
  const code = codeOf(error);
  const causes = known === undefined ? [] : causesOf(known);
  noteFailure(record, code, causes);
  const unforeseen = known === undefined && isUnforeseen(error);
  if (!unforeseen && known?.details.hint === undefined && known?.code !== 'INTERNAL_SERVER_ERROR') return;
  const told = `${code} ${known === undefined ? error.message : causes}`;
  if (record.toldFailures.length >= MAX_LINES || record.toldFailures.includes(told)) return;
  record.toldFailures.push(told);
  if (known === undefined) log.error({ err: error.originalError ?? error }, 'unforeseen failure');
  else if (known.code === 'INTERNAL_SERVER_ERROR') {
    log.error({ hint: known.details.hint, graph: known.details.graph, err: known.cause }, 'misconfigured, or a bug');
  } else log.warn({ code, hint: known.details.hint }, 'upstream refused');
}
