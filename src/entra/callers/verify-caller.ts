import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { atMost } from '../../cache-limit.ts';
import type { Config } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import { watchCache } from '../../observability/telemetry/watch-cache.ts';
import type { Watch } from '../../observability/telemetry/watched-numbers.ts';
import { insufficientScope, invalidToken, missingToken } from './bearer-challenge.ts';
import { bearerToken } from './bearer-token.ts';
import { type AuthenticatedCaller, type Caller, sha256 } from './caller.ts';
import type { Discovery, TokenVersion } from './discovery.ts';
import { tokenRefusal } from './token-refusal.ts';

export interface VerifierOptions {
  readonly entra: Config['entra'];
  readonly discovery: Discovery;
  readonly watch?: Watch | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/**
 * Verifies the value of an `Authorization` header. A header seen before is answered at once, without a promise, and with
 * the same object.
 * @throws GatewayError UNAUTHENTICATED, FORBIDDEN (scope missing), or UPSTREAM_UNAVAILABLE when Entra's keys are not
 * known; its `hint` says which claim was wrong, and what was expected
 */
export type CallerVerifier = (authorization: string | undefined) => AuthenticatedCaller | Promise<AuthenticatedCaller>;

const CLOCK_TOLERANCE_SECONDS = 120;
/** Entra's largest tokens (200 groups, CAE) stay below 8 KiB; a longer text is not worth hashing. */
const MAX_TOKEN_LENGTH = 16 * 1024;
/** About 500 bytes each: 50 MiB for more callers than one process will see within the life of their tokens. */
const MAX_VERIFIED_TOKENS = 100_000;
/** Microsoft Graph as `aud` in v2, and in v1 tokens. */
const GRAPH_AUDIENCES = ['00000003-0000-0000-c000-000000000000', 'https://graph.microsoft.com'];

export function createCallerVerifier(options: VerifierOptions): CallerVerifier {
  const { entra, discovery } = options;
  const clock = options.clock ?? Date.now;
  const verified: LRUCache<string, AuthenticatedCaller> = new LRUCache<string, AuthenticatedCaller>({
    ...atMost(MAX_VERIFIED_TOKENS),
    dispose: watchCache(options.watch, 'verified_tokens', () => verified.size),
  });

  return (authorization) => {
    if (authorization === undefined || authorization.length > MAX_TOKEN_LENGTH) throw noToken(authorization, entra);
    const tokenHash = sha256(usualSpelling(authorization));
    const known = verified.get(tokenHash);
    if (known !== undefined && clock() < (known.expiresAt + CLOCK_TOLERANCE_SECONDS) * 1000) return known;
    const assertion = bearerToken(authorization);
    if (assertion === undefined) throw noToken(authorization, entra);
    return verify(assertion).then((person) => {
      const caller = { ...person, tokenHash };
      verified.set(tokenHash, caller);
      return caller;
    });
  };

  async function verify(assertion: string): Promise<Caller> {
    const version = claimedVersion(assertion, entra);
    const { issuer } = await discovery.configuration(version);
    const now = clock();
    const payload = await jwtVerify(assertion, discovery.keys[version], {
      algorithms: ['RS256'],
      audience: [...entra.audiences],
      issuer,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now),
    }).then(
      (result) => result.payload,
      (error: unknown) => {
        throw error instanceof errors.JOSEError ? tokenRefusal(error, { entra, issuer, now }) : error;
      },
    );
    return callerOf(payload, issuer, entra);
  }
}

/**
 * The header as nearly all clients write it: hashing it whole costs less than taking it apart first. One token is one
 * caller to the caches, with however many blanks it comes.
 */
function usualSpelling(authorization: string): string {
  if (authorization.startsWith('Bearer ') && authorization[7] !== ' ') return authorization;
  return `Bearer ${bearerToken(authorization)}`;
}

/** @param authorization a header in which there is no token that is worth a look */
function noToken(authorization: string | undefined, entra: Config['entra']): GatewayError {
  // RFC 6750, 3.1: who used another scheme, or none, is told which to use, and no error.
  if (authorization === undefined || !/^Bearer\b/i.test(authorization)) {
    return new GatewayError(
      'UNAUTHENTICATED',
      `An access token is needed: send "Authorization: Bearer <token>" with a token for the scope ${fullScope(entra)}.`,
      { challenge: missingToken, hint: 'no bearer token was sent' },
    );
  }
  if (authorization.length > MAX_TOKEN_LENGTH) return refused('The token is too long');
  return refused('The Authorization header must be "Bearer" and one access token (a JWT)');
}

/** Read before anything is verified: it only chooses which of Entra's documents the token is held against. */
function claimedVersion(assertion: string, entra: Config['entra']): TokenVersion {
  try {
    const header = decodeProtectedHeader(assertion);
    const { aud, ver } = decodeJwt(assertion);
    if (header.alg !== 'RS256') throw refused('The token must be signed with RS256');
    // Entra never sends these; a token that brings its own key or its own rules is an attack.
    if ('jwk' in header || 'jku' in header || 'x5u' in header || 'x5c' in header || 'crit' in header) {
      throw refused("The token's header brings its own key or critical extensions");
    }
    if (typeof aud === 'string' && GRAPH_AUDIENCES.includes(aud.replace(/\/$/, ''))) {
      throw refused(
        `The token was issued for Microsoft Graph, not for this gateway: ask Entra for the scope ${fullScope(entra)}`,
        'aud is Microsoft Graph: the client app asks for the wrong scope',
      );
    }
    return ver === '1.0' ? 'v1' : 'v2';
  } catch (error) {
    throw error instanceof GatewayError ? error : refused('The token is not a JWT', undefined, error);
  }
}

function callerOf(payload: JWTPayload, issuer: string, entra: Config['entra']): Caller {
  const { aud, tid, oid, scp, roles, azp, appid, idtyp, exp } = payload;
  // One token is for one API: Entra never issues a list, and jose would be content with one match in it.
  if (typeof aud !== 'string') throw refused('The token is for another audience', 'aud is a list');
  // AZURE_TENANT_ID may be a domain name; the issuer, which was verified, holds the tenant's GUID in its path.
  const tenantId = tenantOf(issuer);
  if (typeof tid !== 'string' || tid === '' || (tid !== entra.tenantId && tid !== tenantId)) {
    throw refused('The token is of another tenant', `tid is not ${tenantId}; look at AZURE_TENANT_ID`);
  }
  if (idtyp === 'app' || (scp === undefined && roles !== undefined)) {
    const hint = "no scp, or idtyp is app: an app's own token";
    throw refused("The token is an app's own; this gateway acts for a signed-in person only", hint);
  }
  if (typeof scp !== 'string') {
    throw refused('The token is no access token of a signed-in person: it holds no scope', 'scp is missing');
  }
  if (typeof oid !== 'string' || oid === '') throw refused('The token names no user (oid)', 'oid is missing');
  if (!scp.split(' ').includes(entra.scope)) {
    throw new GatewayError('FORBIDDEN', `The token lacks the scope ${entra.scope}.`, {
      challenge: insufficientScope(entra.scope),
      status: 403,
      hint: `scp lacks ${entra.scope}; look at API_SCOPE and at what the client app asks for`,
    });
  }
  const clientApp = azp ?? appid;
  const key = `${tid}:${oid}`;
  return {
    tenantId: tid,
    objectId: oid,
    clientApp: typeof clientApp === 'string' ? clientApp : undefined,
    key,
    logHash: sha256(key).slice(0, 16),
    expiresAt: Number(exp),
  };
}

function tenantOf(issuer: string): string | undefined {
  return URL.parse(issuer)?.pathname.split('/')[1];
}

/** @param hint for the operator, where it can say more than the client may know */
function refused(description: string, hint = description, cause?: unknown): GatewayError {
  return new GatewayError('UNAUTHENTICATED', `${description}.`, { challenge: invalidToken(description), hint, cause });
}

function fullScope(entra: Config['entra']): string {
  return `api://${entra.clientId}/${entra.scope}`;
}
