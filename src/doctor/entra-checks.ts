import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import { createDiscovery, type Discovery } from '../entra/callers/discovery.ts';
import { credentialSetting } from '../entra/exchange/aadsts.ts';
import { explainTokenAnswer } from '../entra/exchange/exchange-failure.ts';
import { GatewayError } from '../errors.ts';
import { failureCause } from '../http/failure-cause.ts';
import { requestAppToken } from './app-token.ts';
import { type Finding, failed, ok, warning } from './check.ts';
import type { EntraWatch } from './entra-watch.ts';

/** What the checks of one configuration share. */
export interface Patient {
  readonly config: Config;
  readonly discovery: Discovery;
  readonly entra: EntraWatch;
  /** Why Entra's documents could not be had, as the gateway's log would say it. */
  readonly lastHint: () => string | undefined;
}

/** Entra's tolerance is five minutes, the gateway's own for callers' tokens two. */
const CLOCK_WARNING_SECONDS = 120;
const CLOCK_FAILURE_SECONDS = 300;
const CERTIFICATE_WARNING_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
const NETWORK = 'AZURE_AUTHORITY_HOST and AZURE_TENANT_ID; the network, DNS and HTTPS_PROXY';

export function createPatient(config: Config, entra: EntraWatch): Patient {
  let hint: string | undefined;
  const { authorityHost, tenantId } = config.entra;
  const keep = (line: { readonly hint?: string }) => {
    hint = line.hint;
  };
  const discovery = createDiscovery({
    authorityHost,
    tenantId,
    transport: entra.transport,
    requestTimeoutMs: config.requestTimeoutMs,
    log: pino({ level: 'warn', base: null }, { write: (line: string) => keep(JSON.parse(line)) }),
  });
  return { config, discovery, entra, lastHint: () => hint };
}

export async function checkDiscovery({ discovery }: Patient): Promise<Finding> {
  try {
    const { issuer } = await discovery.configuration('v2');
    return ok(`Entra answers for ${issuer}`);
  } catch (failure) {
    return failed(hintOf(failure) ?? "Entra's discovery document cannot be had", NETWORK);
  }
}

export async function checkKeys({ discovery, lastHint }: Patient): Promise<Finding> {
  await discovery.warmUp();
  return discovery.ready
    ? ok("Entra's keys can be had: callers' tokens can be verified")
    : failed(lastHint() ?? "Entra's keys cannot be had", NETWORK);
}

export function checkClock({ entra }: Patient): Finding {
  const ahead = entra.clockAheadSeconds;
  if (ahead === undefined) return warning('Entra named no time to compare with', 'Compare the clock by hand.');
  const off = Math.abs(ahead);
  const told =
    off <= 1 ? "the clock agrees with Entra's" : `the clock is ${off} s ${ahead > 0 ? 'ahead of' : 'behind'} Entra's`;
  const fix = 'Set the clock of this machine by NTP: tokens are valid for a time only.';
  if (off > CLOCK_FAILURE_SECONDS) return failed(told, fix);
  return off > CLOCK_WARNING_SECONDS ? warning(told, fix) : ok(told);
}

/** @param clock milliseconds since 1970 */
export async function checkCredential({ config, discovery, entra }: Patient, clock: () => number): Promise<Finding> {
  const { credential } = config.entra;
  const setting = credentialSetting[credential.kind];
  const daysLeft = credential.kind === 'certificate' ? daysLeftOf(credential.path, clock()) : undefined;
  const renew = 'Make a new certificate, upload it under Certificates & secrets, set AZURE_CLIENT_CERTIFICATE_PATH.';
  if (daysLeft !== undefined && daysLeft < 0) return failed(`the certificate expired ${-daysLeft} days ago`, renew);
  try {
    await requestAppToken({ config, discovery, transport: entra.transport });
  } catch (failure) {
    return entra.refusal === undefined ? unusable(failure, setting) : refused(entra.refusal, config);
  }
  if (daysLeft === undefined) return ok(`${setting} proves the gateway to Entra`);
  const told = `${setting} proves the gateway to Entra; the certificate is valid for ${daysLeft} more days`;
  return daysLeft < CERTIFICATE_WARNING_DAYS ? warning(told, renew) : ok(told);
}

/** What a refusal of the token endpoint means and what to do, out of the gateway's one table of AADSTS numbers. */
export function refused(answer: NonNullable<EntraWatch['refusal']>, { entra }: Config): Finding {
  const { number, error, says, setting, fix } = explainTokenAnswer(answer, entra);
  const named = number === undefined ? (error ?? `status ${answer.status}`) : `AADSTS${number}`;
  const place = [setting === undefined ? undefined : `Look at ${setting}.`, fix].filter((each) => each !== undefined);
  return failed(
    `Entra refused: ${named}: ${says}`,
    place.join(' ') || 'Try again; Entra names no cause that you could mend.',
  );
}

export function hintOf(failure: unknown): string | undefined {
  return failure instanceof GatewayError ? failure.details.hint : undefined;
}

function unusable(failure: unknown, setting: string): Finding {
  const cause = hintOf(failure) ?? failureCause(failure);
  return failed(`the credential could not be used: ${cause}`, `Look at ${setting}, and at the network.`);
}

/** Whole days, negative when it has expired. */
function daysLeftOf(path: string, now: number): number {
  const { validTo } = new X509Certificate(readFileSync(path));
  return Math.floor((Date.parse(validTo) - now) / DAY_MS);
}
