// #region client
import { type Client, cacheExchange, createClient, fetchExchange } from '@urql/core';

export function createUrqlClient(url: string, gatewayFetch: typeof fetch): Client {
  return createClient({ url, fetch: gatewayFetch, exchanges: [cacheExchange, fetchExchange] });
}

// #endregion

// #region errors
import type { CombinedError } from '@urql/core';
import type { GatewayErrorExtensions } from './gateway-errors.ts';

/** `extensions` of each error of an answer; none when there was no answer of the gateway. */
export function urqlErrors(error: CombinedError | undefined): GatewayErrorExtensions[] {
  return error?.graphQLErrors.map(({ extensions }) => extensions) ?? [];
}

// #endregion

// #region persisted
import { persistedExchange } from '@urql/exchange-persisted';

export function createUrqlClientWithPersistedQueries(url: string, gatewayFetch: typeof fetch): Client {
  const persisted = persistedExchange({ preferGetForPersistedQueries: true });
  return createClient({ url, fetch: gatewayFetch, exchanges: [cacheExchange, persisted, fetchExchange] });
}

// #endregion

// #region trusted
import type { DocumentNode } from 'graphql';

export function createUrqlClientWithTrustedDocuments(url: string, gatewayFetch: typeof fetch): Client {
  const byId = persistedExchange({
    enforcePersistedQueries: true,
    enableForMutation: true,
    generateHash: async (_text, document: DocumentNode & { readonly __meta__?: { readonly hash?: string } }) =>
      document.__meta__?.hash ?? '',
  });
  return createClient({ url, fetch: gatewayFetch, exchanges: [cacheExchange, byId, fetchExchange] });
}
// #endregion
