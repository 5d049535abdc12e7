import type { AuthenticatedCaller } from '../entra/callers/caller.ts';
import type { Budget } from '../http/budget.ts';
import type { GraphSession } from '../msgraph/client/graph-client.ts';
import type { SessionPageReader } from '../msgraph/sessions/session-page.ts';
import type { SessionWrites } from '../msgraph/sessions/session-writes.ts';
import type { RequestLog } from '../observability/log/request-log.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import type { OperationAudit } from './audit.ts';
import type { SessionLoader } from './session-loader.ts';

/** What the HTTP door knows of a request before GraphQL does. */
export interface GatewayRequest {
  /** Set once the token is verified; stays undefined only outside production, where introspection needs none. */
  caller: AuthenticatedCaller | undefined;
  /** The header that the caller sent, and in it the token that is exchanged. */
  readonly authorization: string | undefined;
  /** The request's `x-request-id`. */
  readonly requestId: string;
  readonly budget: Budget;
  readonly record: OperationRecord;
  readonly log: RequestLog;
  readonly traceHeaders: Readonly<Record<string, string>>;
}

/** What resolvers have: everything of one request and one caller, nothing that outlives it. */
export interface RequestContext extends Omit<GatewayRequest, 'authorization'> {
  readonly graph: GraphSession;
  readonly sessions: SessionLoader;
  readonly readPage: SessionPageReader;
  readonly writes: SessionWrites;
  readonly audit: OperationAudit;
  /** The names of the fields that the schema marks @sensitive. */
  readonly sensitiveFields: readonly string[];
}
