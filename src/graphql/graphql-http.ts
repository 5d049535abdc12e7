import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../errors.ts';
import type { GatewayRequest } from './context.ts';

/** A request to `/graphql` whose caller is known, without anything of the HTTP server that received it. */
export interface GraphQLHttpRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The JSON that was sent; undefined for a GET. */
  readonly body: unknown;
}

/** All of an answer but what the HTTP door writes on each. Names are in lower case; `content-type` is among them. */
export interface GraphQLHttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Of a body, 8 MiB: ten lists of a hundred sessions with long tokens. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** How many errors a body may hold: five for each session of ten whole lists. Each takes 3 KB until it is written. */
export const MAX_ANSWER_ERRORS = 5_000;

/**
 * The failure that stands for an answer over one of these limits.
 * @param operationType that of the operation, which has run by then: an update may have been applied
 */
export function answerTooLarge(limit: 'bytes' | 'errors', operationType: string | undefined): GatewayError {
  const what = limit === 'bytes' ? 'is larger than 8 MiB' : `holds more than ${MAX_ANSWER_ERRORS} errors`;
  return new GatewayError(
    'BAD_USER_INPUT',
    `The answer ${what}: select fewer fields, or ask for fewer sessions at once.`,
    { status: 400, ...(operationType === 'mutation' && { outcome: 'UNKNOWN' as const }) },
  );
}

/**
 * Answers one GraphQL request. A promise only where something must be waited for.
 * @throws GatewayError where nothing has been looked at; the door gives it GraphQL's shape
 */
export type GraphQLHandler = (
  request: GraphQLHttpRequest,
  gateway: GatewayRequest,
) => GraphQLHttpAnswer | Promise<GraphQLHttpAnswer>;
