import { randomBytes, randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../json.ts';
import { issuer, pairwiseSubject } from './caller-token.ts';
import { satisfiedClaims } from './satisfied-claims.ts';
import type { GrantedScope } from './scope.ts';
import type { SigningKeys } from './signing-keys.ts';
import { GRAPH_APP_ID, tenant } from './tenant.ts';
import type { AssertedUser } from './user-assertion.ts';

/** What the token endpoint answers when everything is in order. */
export function exchangedTokens(options: {
  user: AssertedUser;
  scope: GrantedScope;
  /** The parsed `claims` field. */
  requestedClaims: unknown;
  wantsClientInfo: boolean;
  resource: string;
  origin: string;
  keys: SigningKeys;
  now: number;
  lifetimeSeconds: number;
}): JsonObject {
  const { user, scope, origin, keys, lifetimeSeconds: expires_in } = options;
  const iat = Math.floor(options.now / 1_000);
  const { oid, claims } = user;
  const common = { oid, tid: tenant.id, iat, nbf: iat, exp: iat + expires_in, name: claims.name };
  const accessToken = keys.sign({
    ...common,
    aud: options.resource,
    iss: issuer(origin, tenant.id, '1.0'),
    ver: '1.0',
    appid: tenant.clientId,
    appidacr: '1',
    idtyp: 'user',
    scp: scope.permissions.join(' '),
    sub: pairwiseSubject(oid, GRAPH_APP_ID),
    uti: randomBytes(16).toString('base64url'),
    jti: randomUUID(),
    // Not Entra's: Graph must compare finer than a second when a test revokes what was issued before now.
    issued_ms: options.now,
    ...stepUpClaims(claims, options.requestedClaims),
  });
  return {
    token_type: 'Bearer',
    scope: scope.text,
    expires_in,
    ext_expires_in: expires_in,
    access_token: accessToken,
    ...(scope.offlineAccess ? { refresh_token: `1.${randomBytes(48).toString('base64url')}` } : {}),
    ...(scope.openid ? { id_token: idToken(options, common) } : {}),
    ...(options.wantsClientInfo ? { client_info: clientInfo(oid) } : {}),
  };
}

/** What the person met at sign-in passes on to Graph, and what this exchange asked for is met as well. */
function stepUpClaims(assertion: JsonObject, requested: unknown): JsonObject {
  const met = satisfiedClaims(requested);
  const before = isJsonObject(assertion.satisfied_claims) ? assertion.satisfied_claims : {};
  const both = { ...before, ...(isJsonObject(met.satisfied_claims) ? met.satisfied_claims : {}) };
  return {
    ...met,
    ...(Object.keys(both).length === 0 ? {} : { satisfied_claims: both }),
    ...(assertion.acrs === undefined ? {} : { acrs: assertion.acrs }),
  };
}

function idToken({ user, origin, keys }: Parameters<typeof exchangedTokens>[0], common: JsonObject): string {
  return keys.sign({
    ...common,
    aud: tenant.clientId,
    iss: issuer(origin, tenant.id, '2.0'),
    ver: '2.0',
    sub: pairwiseSubject(user.oid, tenant.clientId),
    preferred_username: user.claims.preferred_username ?? user.claims.upn,
  });
}

const clientInfo = (oid: string): string =>
  Buffer.from(JSON.stringify({ uid: oid, utid: tenant.id })).toString('base64url');
