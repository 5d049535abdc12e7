import { createHash, randomBytes } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import { personOf } from './people.ts';
import { tenant } from './tenant.ts';

/** What may differ from the ordinary token of a caller. Times are Unix seconds. */
export interface MintOptions {
  oid?: string;
  /** Default: the name of the sample person with this `oid`. */
  name?: string;
  tid?: string;
  scp?: string;
  aud?: string;
  iss?: string;
  ver?: '1.0' | '2.0';
  azp?: string;
  exp?: number;
  nbf?: number;
  iat?: number;
  /** Authentication contexts that the person met, as after a step-up. */
  acrs?: readonly string[];
  /** Merged into the JWS header; the signature stays RS256. */
  header?: JsonObject;
  /** Merged into the claims, over everything else. */
  claims?: JsonObject;
  /** Claims to leave out. */
  omit?: readonly string[];
}

/** The claims of a delegated access token for the gateway's API, as Entra issues it in format 1.0 or 2.0. */
export function callerClaims(options: MintOptions, origin: string, nowSeconds: number): JsonObject {
  const { oid = tenant.userId, tid = tenant.id, ver = '2.0', azp = tenant.callingClientId } = options;
  const iat = options.iat ?? Math.min(nowSeconds, (options.exp ?? Number.POSITIVE_INFINITY) - HOUR);
  const { name, username: user } = personOf(oid);
  const claims: JsonObject = {
    aud: options.aud ?? (ver === '2.0' ? tenant.clientId : `api://${tenant.clientId}`),
    iss: options.iss ?? issuer(origin, tid, ver),
    iat,
    nbf: options.nbf ?? iat,
    exp: options.exp ?? iat + HOUR,
    ...(ver === '2.0'
      ? { azp, azpacr: '0', preferred_username: user }
      : { acr: '1', amr: ['pwd', 'mfa'], appid: azp, appidacr: '0', unique_name: user, upn: user }),
    name: options.name ?? name,
    oid,
    rh: `1.${randomBytes(12).toString('base64url')}.`,
    scp: options.scp ?? 'access_as_user',
    sub: pairwiseSubject(oid, tenant.clientId),
    tid,
    uti: randomBytes(16).toString('base64url'),
    ver,
    ...(options.acrs === undefined ? {} : { acrs: options.acrs }),
    ...options.claims,
  };
  for (const name of options.omit ?? []) delete claims[name];
  return claims;
}

const HOUR = 3_600;

/** Who signs tokens of a format. Format 1.0 comes from sts.windows.net, for which a bare tenant path stands here. */
export const issuer = (origin: string, tid: string, ver: string): string =>
  ver === '2.0' ? `${origin}/${tid}/v2.0` : `${origin}/${tid}/`;

/** Entra's `sub` differs from app to app for the same user. */
export const pairwiseSubject = (oid: string, appId: string): string =>
  createHash('sha256').update(`${oid} ${appId}`).digest('base64url');
