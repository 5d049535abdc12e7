import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadConfig } from '../../src/config.ts';
import { type AuthenticatedCaller, sha256 } from '../../src/entra/callers/caller.ts';
import { createDiscovery } from '../../src/entra/callers/discovery.ts';
import { createTokenExchange, type GraphTokenRequest } from '../../src/entra/exchange/token-exchange.ts';
import { startBudget } from '../../src/http/budget.ts';
import type { Transport } from '../../src/http/transport.ts';
import { startOperationRecord } from '../../src/observability/operation-record.ts';

/**
 * Fills the token cache with 100,000 users and then asks for each one's token again. A process of its own, so that its
 * memory is the cache's; Entra is a function here, because 100,000 exchanges over HTTP measure something else.
 */
const USERS = 100_000;
/** As large as a token with a dozen scopes. */
const TOKEN_BYTES = 1_200;
const ROUNDS = 5;

const authorityHost = 'http://127.0.0.1:1';
const transport: Transport = {
  async send({ path }) {
    const document = { issuer: authorityHost, jwks_uri: authorityHost, authorization_endpoint: `${authorityHost}/a` };
    const body = path.includes('openid-configuration')
      ? { ...document, token_endpoint: `${authorityHost}/tenant/oauth2/v2.0/token` }
      : { token_type: 'Bearer', expires_in: 4000, access_token: randomBytes(TOKEN_BYTES * 0.75).toString('base64url') };
    return { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify(body), json: true };
  },
  async close() {},
};
const config = loadConfig({
  AZURE_TENANT_ID: 'tenant',
  AZURE_CLIENT_ID: 'client',
  AZURE_CLIENT_SECRET: 'secret',
  AZURE_AUTHORITY_HOST: authorityHost,
});
const { tenantId } = config.entra;
const discovery = createDiscovery({ authorityHost, tenantId, transport, requestTimeoutMs: 60_000 });
const exchange = createTokenExchange({ config, discovery, transport });
const budget = startBudget(600_000);
const record = startOperationRecord(undefined);

function requestOf(user: number) {
  const authorization = `Bearer assertion.of.${user}`;
  const key = `tenant:${user}`;
  const caller: AuthenticatedCaller = {
    tenantId: 'tenant',
    objectId: key,
    clientApp: undefined,
    key,
    logHash: key,
    expiresAt: 0,
    tokenHash: sha256(authorization),
  };
  return { caller, authorization, budget, record };
}

for (let user = 0; user < USERS; user += 50) {
  // In life the users come over hours, and what their exchanges leave behind is collected as they come.
  if (user % 1_000 === 0) globalThis.gc?.();
  await Promise.all(Array.from({ length: 50 }, (_, index) => exchange(requestOf(user + index))));
}
const requests = Array.from({ length: 1_000 }, (_, index) => requestOf((index * 7919) % USERS));
const hits: number[] = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  const before = process.cpuUsage();
  for (let turn = 0; turn < USERS; turn += 1) {
    const token = exchange(requests[turn % requests.length] as GraphTokenRequest);
    if (typeof token !== 'string') throw new Error('not a hit');
  }
  const { user, system } = process.cpuUsage(before);
  if (round > 0) hits.push((user + system) / USERS);
}
globalThis.gc?.();
// The kernel's quick counter, which Node reads, lags behind by hundreds of MiB; the sum over all mappings is exact.
const residentKiB = Number(/Rss:\s+(\d+)/.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))?.[1]);
process.send?.({ hits, residentMiB: residentKiB / 1024 });
budget.close();
