import type { GraphErrorDetails } from '../../errors.ts';
import type { OperationRecord } from '../../observability/operation-record.ts';
import { detailsOf, type GraphAnswer } from './read-graph-answer.ts';

/** Ten updates with all their attempts and looks back stay below it; a log line may not grow without end. */
const MAX_IDS = 100;

/** Keeps the `client-request-id` of a request that failed: often it is all that a support case has to go by. */
export function noteFailedRequest({ clientRequestIds }: OperationRecord, clientRequestId: string): void {
  if (clientRequestIds.length < MAX_IDS && !clientRequestIds.includes(clientRequestId)) {
    clientRequestIds.push(clientRequestId);
  }
}

/** The same for one whose answer makes no sense. @returns what a support case asks of it */
export function noteSenselessAnswer(record: OperationRecord, answer: GraphAnswer): GraphErrorDetails {
  noteFailedRequest(record, answer.clientRequestId);
  return detailsOf(answer);
}
