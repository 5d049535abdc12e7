import type { GatewayErrorCode } from '../errors.ts';
import type { OperationFacts } from './operation-facts.ts';

/** What an operation came to, in one word of a closed set: log lines, spans and metrics use no other. */
export type OperationCode = GatewayErrorCode | ApolloCode | 'OK' | 'CLIENT_GONE' | 'OTHER';

/** Codes that Apollo Server gives to what it refuses itself. */
type ApolloCode =
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'OPERATION_RESOLUTION_FAILURE';

/** Each code, and whether it is the gateway's or an upstream's fault rather than the caller's. */
const FAULTS: Readonly<Record<OperationCode, boolean>> = {
  OK: false,
  CLIENT_GONE: false,
  UNAUTHENTICATED: false,
  INTERACTION_REQUIRED: false,
  FORBIDDEN: false,
  NOT_FOUND: false,
  BAD_USER_INPUT: false,
  CONFLICT: false,
  THROTTLED: true,
  UPSTREAM_UNAVAILABLE: true,
  UPSTREAM_TIMEOUT: true,
  RATE_LIMITED: false,
  OVERLOADED: true,
  INTERNAL_SERVER_ERROR: true,
  BAD_REQUEST: false,
  GRAPHQL_PARSE_FAILED: false,
  GRAPHQL_VALIDATION_FAILED: false,
  PERSISTED_QUERY_NOT_FOUND: false,
  PERSISTED_QUERY_NOT_SUPPORTED: false,
  OPERATION_RESOLUTION_FAILURE: false,
  OTHER: false,
};

/** The first error's code; without one the HTTP status tells. */
export function operationCode(
  record: Pick<OperationFacts, 'errorCodes'>,
  status: number,
  clientGone: boolean,
): OperationCode {
  if (clientGone) return 'CLIENT_GONE';
  const [code] = record.errorCodes;
  if (code !== undefined) return Object.hasOwn(FAULTS, code) ? (code as OperationCode) : 'OTHER';
  if (status >= 500) return 'INTERNAL_SERVER_ERROR';
  return status >= 400 ? 'BAD_REQUEST' : 'OK';
}

/** Whether somebody on call should care. */
export function isFault(code: OperationCode): boolean {
  return FAULTS[code];
}
