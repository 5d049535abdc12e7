import type { Logger } from 'pino';

/** A request's own log: what it says names the request. */
export interface RequestLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

interface NamedLog extends RequestLog {
  readonly logger: Logger;
  readonly reqId: string;
}

/** Most requests never say anything by it, so it is no child of pino's: that costs as much as a line. */
export function createRequestLog(logger: Logger, reqId: string): RequestLog {
  const log: NamedLog = { logger, reqId, info, warn, error };
  return log;
}

function info(this: NamedLog, fields: object, text: string): void {
  this.logger.info({ reqId: this.reqId, ...fields }, text);
}

function warn(this: NamedLog, fields: object, text: string): void {
  this.logger.warn({ reqId: this.reqId, ...fields }, text);
}

function error(this: NamedLog, fields: object, text: string): void {
  this.logger.error({ reqId: this.reqId, ...fields }, text);
}
