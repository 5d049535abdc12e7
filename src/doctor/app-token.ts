import type { Config } from '../config.ts';
import type { Discovery } from '../entra/callers/discovery.ts';
import { azureIdentity } from '../entra/exchange/azure-identity.ts';
import { createClientProof } from '../entra/exchange/client-credential.ts';
import { createIdentityHttpClient, identityAuthority } from '../entra/exchange/identity-http-client.ts';
import { startBudget } from '../http/budget.ts';
import type { Transport } from '../http/transport.ts';
import { withinBudget } from '../http/within-budget.ts';

export interface AppTokenOptions {
  readonly config: Config;
  readonly discovery: Discovery;
  readonly transport: Transport;
}

/**
 * A token of the gateway's own for Graph, with the very proof of the exchange: Entra gives it to whoever proves to be
 * the app, whatever the app may do with it. It is asked for and thrown away.
 * @throws what kept it from us; of an answer of Entra the transport knows more
 */
export async function requestAppToken({ config, discovery, transport }: AppTokenOptions): Promise<void> {
  const { entra, graph, requestTimeoutMs } = config;
  const budget = startBudget(requestTimeoutMs);
  let failure: unknown;
  try {
    const { ClientAssertionCredential, ClientCertificateCredential, ClientSecretCredential } = azureIdentity();
    const proof = createClientProof(entra);
    const options = {
      authorityHost: identityAuthority(entra.authorityHost),
      disableInstanceDiscovery: true,
      retryOptions: { maxRetries: 0 },
      httpClient: createIdentityHttpClient({
        authorityHost: entra.authorityHost,
        discovery,
        transport,
        budget,
        onAnswer: () => {},
        onFailure: (each) => {
          failure = each;
        },
      }),
    };
    const { tenantId, clientId } = entra;
    const credential =
      'clientSecret' in proof
        ? new ClientSecretCredential(tenantId, clientId, proof.clientSecret, options)
        : 'certificatePath' in proof
          ? new ClientCertificateCredential(tenantId, clientId, proof.certificatePath, options)
          : new ClientAssertionCredential(tenantId, clientId, proof.getAssertion, options);
    await withinBudget(credential.getToken(`${new URL(graph.baseUrl).origin}/.default`), budget);
  } catch (error) {
    throw failure ?? error;
  } finally {
    budget.close();
  }
}
