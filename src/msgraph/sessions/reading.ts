import { GatewayError, type GraphErrorDetails, type UpdateOutcome } from '../../errors.ts';
import type { GraphDrift } from '../../observability/telemetry/graph-drift.ts';
import type { GraphSession } from '../client/graph-client.ts';
import { noteSenselessAnswer } from '../client/note-failed-request.ts';
import type { GraphAnswer } from '../client/read-graph-answer.ts';

/** How an object is read. */
export interface Reading {
  /** What became of the change that it answers, for its errors. */
  readonly outcome?: UpdateOutcome;
  /** Told how the object differs from what is known of its type. */
  readonly drift?: GraphDrift | undefined;
  /** Notes that the answer makes no sense. @returns what a support case asks of it, for its errors */
  readonly fault?: () => GraphErrorDetails;
}

/** How what came in this very answer is read. */
export function readingOf(answer: GraphAnswer, { record }: GraphSession, how: Reading): Reading {
  return { ...how, fault: () => noteSenselessAnswer(record, answer) };
}

/** The error for an answer, or a part of it, that makes no sense. */
export function senseless(
  { outcome, fault }: Reading,
  message = 'Microsoft Graph gave an answer that makes no sense.',
): GatewayError {
  return new GatewayError('UPSTREAM_UNAVAILABLE', message, {
    graph: fault?.(),
    ...(outcome !== undefined && { outcome }),
  });
}
