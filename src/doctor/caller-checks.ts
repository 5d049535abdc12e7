import { decodeJwt } from 'jose';
import type { AuthenticatedCaller } from '../entra/callers/caller.ts';
import { createCallerVerifier } from '../entra/callers/verify-caller.ts';
import { createTokenExchange } from '../entra/exchange/token-exchange.ts';
import { GatewayError } from '../errors.ts';
import { startBudget } from '../http/budget.ts';
import { startOperationRecord } from '../observability/operation-record.ts';
import { type Finding, failed, ok, warning } from './check.ts';
import { hintOf, type Patient, refused } from './entra-checks.ts';

/** The permissions in Graph that an update needs one of, and those with which only reading works (docs-contrib). */
const WRITE = ['DeviceManagementConfiguration.ReadWrite.All', 'DeviceManagementServiceConfig.ReadWrite.All'];
const READ = ['DeviceManagementConfiguration.Read.All', 'DeviceManagementServiceConfig.Read.All'];
const PERMISSIONS = `Entra admin center > App registrations > API permissions: add ${WRITE[0]} (delegated) and grant admin consent.`;

/** A caller's token is for the gateway, valid, and holds the scope. */
export async function checkCallerToken(
  { config, discovery }: Patient,
  token: string,
): Promise<{ finding: Finding; caller?: AuthenticatedCaller }> {
  const { entra } = config;
  try {
    const caller = await createCallerVerifier({ entra, discovery })(`Bearer ${token}`);
    return { finding: ok("the token is a person's own for this gateway, and holds the scope"), caller };
  } catch (failure) {
    const message = hintOf(failure) ?? (failure instanceof Error ? failure.message : 'the token is refused');
    const scope = `api://${entra.clientId}/${entra.scope}`;
    return {
      finding: failed(
        message,
        `Get a token for the scope ${scope} (npm run token), or look at API_AUDIENCE and API_SCOPE.`,
      ),
    };
  }
}

/** The on-behalf-of exchange itself. */
export async function checkExchange(
  { config, discovery, entra }: Patient,
  caller: AuthenticatedCaller,
  token: string,
): Promise<{ finding: Finding; graphToken?: string }> {
  const budget = startBudget(config.requestTimeoutMs);
  try {
    const exchange = createTokenExchange({ config, discovery, transport: entra.transport });
    const request = { caller, authorization: `Bearer ${token}`, budget, record: startOperationRecord() };
    const graphToken = await exchange(request);
    return { finding: ok('Entra gives a token for Graph on behalf of the person'), graphToken };
  } catch (failure) {
    if (entra.refusal !== undefined) return { finding: refused(entra.refusal, config) };
    const message = hintOf(failure) ?? (failure instanceof GatewayError ? failure.message : String(failure));
    return { finding: failed(message, 'Look at AZURE_AUTHORITY_HOST and the network.') };
  } finally {
    budget.close();
  }
}

/** What the token for Graph allows. Graph's tokens are not ours to read, so what cannot be read is no failure. */
export function checkGraphScope(graphToken: string): Finding {
  let held: string[];
  try {
    const { scp } = decodeJwt(graphToken);
    held = typeof scp === 'string' ? scp.split(' ') : [];
  } catch {
    return warning('the token for Graph cannot be read', PERMISSIONS);
  }
  const named = (permissions: readonly string[]) => permissions.filter((each) => held.includes(each));
  const writes = named(WRITE);
  if (writes.length > 0) return ok(`the token for Graph holds ${writes.join(', ')}`);
  const reads = named(READ);
  if (reads.length > 0)
    return warning(`the token for Graph only reads (${reads.join(', ')}): updates will be refused`, PERMISSIONS);
  return failed('the token for Graph holds no permission for Remote Help sessions', PERMISSIONS);
}
