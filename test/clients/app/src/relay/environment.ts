// #region environment
import { Environment, type GraphQLResponse, Network, RecordSource, Store } from 'relay-runtime';

export function createRelayEnvironment(url: string, gatewayFetch: typeof fetch): Environment {
  return new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(async ({ text, id, name }, variables) => {
      const answer = await gatewayFetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
        body: JSON.stringify({ ...(text ? { query: text } : { documentId: id }), operationName: name, variables }),
      });
      return (await answer.json()) as GraphQLResponse;
    }),
  });
}

// #endregion

// #region errors
import type { GatewayErrorExtensions } from '../gateway-errors.ts';

type Errors = readonly { readonly extensions?: GatewayErrorExtensions }[] | null | undefined;

/** Of what `onError` is given: Relay throws when an answer holds no data, and keeps the answer in `source`. */
export function relayErrors(
  error: Error & { readonly source?: { readonly errors?: Errors } },
): GatewayErrorExtensions[] {
  return error.source?.errors?.map(({ extensions = {} }) => extensions) ?? [];
}
// #endregion
