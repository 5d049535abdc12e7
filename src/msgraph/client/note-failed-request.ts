import type { OperationRecord } from '../../observability/operation-record.ts';

/** Ten updates with all their attempts and looks back stay below it; a log line may not grow without end. */
const MAX_IDS = 100;

/** Keeps the `client-request-id` of a request that failed: often it is all that a support case has to go by. */
export function noteFailedRequest({ clientRequestIds }: OperationRecord, clientRequestId: string): void {
  if (clientRequestIds.length < MAX_IDS) clientRequestIds.push(clientRequestId);
}
