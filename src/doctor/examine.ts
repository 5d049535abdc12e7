import { type Config, loadConfig, settings } from '../config.ts';
import type { AuthenticatedCaller } from '../entra/callers/caller.ts';
import { loadTrustedDocuments } from '../graphql/documents/trusted-documents.ts';
import { createTransport } from '../http/transport.ts';
import { matchClouds } from '../settings/clouds.ts';
import { misspeltMessage, misspeltSettings } from '../settings/misspelt-settings.ts';
import { checkCallerToken, checkExchange, checkGraphScope } from './caller-checks.ts';
import { CHECKS, type CheckId, type Finding, failed, ok, skipped, warning } from './check.ts';
import { checkClock, checkCredential, checkDiscovery, checkKeys, createPatient } from './entra-checks.ts';
import { watchEntra } from './entra-watch.ts';
import { createGraphChecks } from './graph-checks.ts';
import { checkRedis } from './redis-check.ts';

export interface Examination {
  readonly env: NodeJS.ProcessEnv;
  /** Reads a caller's token; undefined when none was given. @throws Error that says why it cannot be read */
  readonly readToken: (() => Promise<string>) | undefined;
  /** Milliseconds for everything; what is not done by then has failed. */
  readonly withinMs: number;
  /** Told of each finding as it is made. */
  readonly onFinding: (id: CheckId, finding: Finding) => void;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** One call is given no longer than this: a doctor that waits as long as a caller would is none. */
const CALL_MS = 5_000;

/**
 * Tries a configuration, each check building on those before it; one that cannot be made is skipped, and says why.
 * Nothing is changed anywhere. @returns all findings, in the order of `CHECKS`
 */
export async function examine(examination: Examination): Promise<Map<CheckId, Finding>> {
  const { env, readToken, withinMs, onFinding, clock = Date.now } = examination;
  const findings = new Map<CheckId, Finding>();
  const endsAt = performance.now() + withinMs;

  /** Makes a check, unless one that it builds on did not go well. */
  async function make(id: CheckId, after: readonly CheckId[], check: () => Finding | Promise<Finding>): Promise<void> {
    const missing = after.find((each) => ['failed', 'skipped'].includes(findings.get(each)?.status ?? 'failed'));
    const finding = missing === undefined ? await inTime(check) : skipped(`needs ${missing}`);
    findings.set(id, finding);
    onFinding(id, finding);
  }

  async function inTime(check: () => Finding | Promise<Finding>): Promise<Finding> {
    const left = endsAt - performance.now();
    const late = failed('no answer in time', 'Look at the network between here and there.');
    if (left <= 0) return late;
    const { promise, resolve } = Promise.withResolvers<Finding>();
    const timer = setTimeout(resolve, left, late);
    try {
      return await Promise.race([check(), promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  let config: Config | undefined;
  const misspelt = misspeltSettings(env, Object.keys(settings)).map(misspeltMessage).join(' ');
  await make('settings', [], () => {
    try {
      const loaded = loadConfig(env);
      // The start reads them as well.
      if (loaded.trustedDocuments !== undefined) loadTrustedDocuments(loaded.trustedDocuments);
      config = { ...loaded, requestTimeoutMs: Math.min(loaded.requestTimeoutMs, CALL_MS) };
      return misspelt === ''
        ? ok('every setting has a value that can be used')
        : warning(misspelt, 'Mend the name, or remove it.');
    } catch (error) {
      return failed(
        `${(error as Error).message.replace(/\s*\n\s*/g, ' ')} ${misspelt}`.trimEnd(),
        'Mend the settings that are named; docs/operating.md lists all of them.',
      );
    }
  });
  if (config === undefined) {
    for (const id of CHECKS)
      if (!findings.has(id) && (id !== 'redis' || env.REDIS_URL)) await make(id, ['settings'], () => ok(''));
    return findings;
  }
  const known = config;
  const connections = createTransport({
    requestTimeoutMs: known.requestTimeoutMs,
    maxConnectionsPerOrigin: 4,
    proxies: known.proxies,
  });
  const entra = watchEntra(connections, known.entra.authorityHost, clock);
  const patient = createPatient(known, entra);
  try {
    await make('cloud', ['settings'], () => {
      const { status, message } = matchClouds(known);
      return status === 'ok'
        ? ok(message)
        : { status, message, fix: 'Set AZURE_AUTHORITY_HOST and GRAPH_BASE_URL of one cloud.' };
    });
    await make('discovery', ['settings'], () => checkDiscovery(patient));
    await make('keys', ['discovery'], () => checkKeys(patient));
    await make('clock', ['discovery'], () => checkClock(patient));
    await make('credential', ['discovery'], () => checkCredential(patient, clock));
    const { redis } = known;
    if (redis !== undefined) await make('redis', ['settings'], () => checkRedis(redis.url));

    let token = '';
    let caller: AuthenticatedCaller | undefined;
    let graphToken: string | undefined;
    await make('caller-token', readToken === undefined ? [] : ['keys'], async () => {
      if (readToken === undefined) return skipped("no caller's token was given; pass one with --token FILE");
      try {
        token = await readToken();
      } catch (error) {
        return failed((error as Error).message, 'Name a file that holds the token alone, or - for standard input.');
      }
      const checked = await checkCallerToken(patient, token);
      caller = checked.caller;
      return checked.finding;
    });
    await make('exchange', ['caller-token', 'credential'], async () => {
      if (caller === undefined) return skipped('needs caller-token');
      const checked = await checkExchange(patient, caller, token);
      graphToken = checked.graphToken;
      return checked.finding;
    });
    await make('graph-scope', ['exchange'], () => checkGraphScope(graphToken ?? ''));
    const graph = createGraphChecks(known, connections, graphToken ?? '');
    await make('graph-path', ['exchange'], () => graph.path());
    await make('graph-batch', ['exchange'], () => graph.batch());
    graph.close();
  } finally {
    patient.discovery.close();
    await connections.close();
  }
  return findings;
}
