import type { IncomingHttpHeaders } from 'node:http';
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

/**
 * Answers one GraphQL request. A promise only where something must be waited for.
 * @throws GatewayError where nothing has been looked at; the door gives it GraphQL's shape
 */
export type GraphQLHandler = (
  request: GraphQLHttpRequest,
  gateway: GatewayRequest,
) => GraphQLHttpAnswer | Promise<GraphQLHttpAnswer>;
