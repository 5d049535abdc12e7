// #region client
import { ClientError, GraphQLClient } from 'graphql-request';
import type { GatewayErrorExtensions } from './gateway-errors.ts';

export function createGraphQLClient(url: string, gatewayFetch: typeof fetch): GraphQLClient {
  return new GraphQLClient(url, { fetch: gatewayFetch });
}

/** `extensions` of each error of an answer; none when there was no answer of the gateway. */
export function requestErrors(error: unknown): GatewayErrorExtensions[] {
  return error instanceof ClientError ? (error.response.errors ?? []).map(({ extensions }) => extensions) : [];
}
// #endregion
