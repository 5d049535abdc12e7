import { OnBehalfOfCredential } from '@azure/identity';

/** The caller's token for Graph, by Azure's own library and nothing else: what every server here needs. */
const { GRAPH_BASE_URL = '', AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', AZURE_CLIENT_SECRET = '' } = process.env;
const { AZURE_AUTHORITY_HOST = '' } = process.env;
const scope = `${new URL(GRAPH_BASE_URL).origin}/.default`;
const alias = AZURE_AUTHORITY_HOST.replace('http:', 'https:');

export async function bareExchange(authorization: string): Promise<string> {
  const options = {
    tenantId: AZURE_TENANT_ID,
    clientId: AZURE_CLIENT_ID,
    clientSecret: AZURE_CLIENT_SECRET,
    userAssertionToken: authorization.replace('Bearer ', ''),
    authorityHost: alias,
    disableInstanceDiscovery: true,
    // The library speaks https only and the emulator http: the one thing that no tutorial has.
    additionalPolicies: [],
    httpClient: { sendRequest },
  };
  return (await new OnBehalfOfCredential(options).getToken(scope)).token;
}

type SendRequest = import('@azure/core-rest-pipeline').HttpClient['sendRequest'];

async function sendRequest(...[request]: Parameters<SendRequest>): ReturnType<SendRequest> {
  const answer = await fetch(request.url.replace(alias, AZURE_AUTHORITY_HOST), {
    method: request.method,
    headers: request.headers.toJSON(),
    ...(typeof request.body === 'string' && { body: request.body }),
  });
  const text = (await answer.text()).replaceAll(AZURE_AUTHORITY_HOST, alias);
  return { request, headers: request.headers, status: answer.status, bodyAsText: text };
}
