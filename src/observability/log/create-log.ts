import type { Logger } from 'pino';
import { type AuditEntry, type AuditedAct, auditLine } from './audit-line.ts';
import type { LogOutput } from './log-output.ts';
import { createLogger } from './logger.ts';
import { type OperationLine, operationLine } from './operation-line.ts';
import { createScrub } from './scrub.ts';

export interface LogOptions {
  readonly level: string;
  /** Names of fields that are secrets, from the schema. */
  readonly sensitiveFields: readonly string[];
  /** Values that must not appear anywhere, such as the client secret. */
  readonly secrets: readonly string[];
  readonly output: Pick<LogOutput, 'write' | 'writeNow'>;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** The lines that each request writes, past pino. */
export interface RequestLines {
  /** The line of an operation that has ended, where the level allows it. */
  operation(line: OperationLine): void;
  /**
   * An audit line, whatever the level, before the answer leaves.
   * @returns undefined when the kernel has it, else what the answer has to wait for, a short time at most
   */
  audit(act: AuditedAct, requestId: string, entry: AuditEntry): Promise<void> | undefined;
}

export interface Log {
  /** For everything else. */
  readonly logger: Logger;
  readonly lines: RequestLines;
}

/** All that writes log lines: one form, one redaction, one way out. */
export function createLog({ level, sensitiveFields, secrets, output, clock = Date.now }: LogOptions): Log {
  const scrub = createScrub(secrets);
  const logger = createLogger({ level, sensitiveFields, scrub, destination: output });
  const tellsOperations = logger.isLevelEnabled('info');
  return {
    logger,
    lines: {
      operation(line) {
        if (tellsOperations) output.write(scrub(operationLine(line, clock())));
      },
      audit: (act, requestId, entry) => output.writeNow(scrub(auditLine(act, requestId, entry, clock()))),
    },
  };
}
