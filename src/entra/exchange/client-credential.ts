import { readFile } from 'node:fs/promises';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { ManagedIdentityCredential } from '@azure/identity';
import type { Config } from '../../config.ts';
import { azureIdentity, azureRestPipeline } from './azure-identity.ts';
import { identityAuthority } from './identity-http-client.ts';

/** The part of OnBehalfOfCredential's options that proves who the gateway is. */
export type ClientProof =
  | { clientSecret: string }
  | { certificatePath: string }
  | { getAssertion: () => Promise<string> };

/** Audiences of a federated credential by cloud (entra-docs, workload-identity-federation-config-app-trust-managed-identity). */
const EXCHANGE_AUDIENCES: Readonly<Record<string, string>> = {
  'https://login.microsoftonline.us': 'api://AzureADTokenExchangeUSGov',
  'https://login.chinacloudapi.cn': 'api://AzureADTokenExchangeChina',
  'https://login.partner.microsoftonline.cn': 'api://AzureADTokenExchangeChina',
};

/**
 * How the gateway proves itself, from the settings. A federated token file is read at each use: it is replaced about
 * once an hour, and a stale copy is refused (AADSTS700024).
 */
export function createClientProof(entra: Config['entra']): ClientProof {
  const { credential } = entra;
  switch (credential.kind) {
    case 'secret':
      return { clientSecret: credential.secret };
    case 'certificate':
      return { certificatePath: credential.path };
    case 'federated':
      return { getAssertion: async () => (await readFile(credential.tokenFile, 'utf8')).trim() };
    case 'managed-identity': {
      const audience = EXCHANGE_AUDIENCES[entra.authorityHost] ?? 'api://AzureADTokenExchange';
      // One instance for the process: it keeps its token, which lives for about a day.
      let managedIdentity: ManagedIdentityCredential | undefined;
      const getAssertion = async () => {
        managedIdentity ??= new (azureIdentity().ManagedIdentityCredential)({
          // It asks nothing of the authority, yet checks its form, in the environment unless it is given one.
          authorityHost: identityAuthority(entra.authorityHost),
          httpClient: createDirectHttpClient(),
          ...(credential.clientId !== undefined && { clientId: credential.clientId }),
        });
        return (await managedIdentity.getToken(`${audience}/.default`)).token;
      };
      return { getAssertion };
    }
    default:
      return credential satisfies never;
  }
}

/** The library would take the environment's proxy, which cannot reach the identity endpoint of this very machine. */
function createDirectHttpClient(): HttpClient {
  const client = azureRestPipeline().createDefaultHttpClient();
  return {
    sendRequest(request) {
      delete request.proxySettings;
      delete request.agent;
      return client.sendRequest(request);
    },
  };
}
