import { causesOf } from './log/causes.ts';
import type { OperationRecord } from './operation-record.ts';

/** A line may not grow with the number of ids that failed. */
const MAX_CAUSES = 8;

/** Notes a failure for the operation's line: its code, and why it came about, each once. */
export function noteFailure({ errorCodes, causes }: OperationRecord, code: string, failure: unknown): void {
  if (!errorCodes.includes(code)) errorCodes.push(code);
  for (const cause of causesOf(failure)) {
    if (causes.length < MAX_CAUSES && !causes.includes(cause)) causes.push(cause);
  }
}
