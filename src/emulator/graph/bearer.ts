import type { KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import type { Answer } from '../http/outcome.ts';
import { isJsonObject, type JsonObject, parseJson } from '../json.ts';
import type { Call } from './call.ts';
import { failure } from './failure.ts';
import type { TokenDemands } from './token-demands.ts';

/** What Graph knows in order to believe a token. */
export interface BearerRules {
  readonly audience: string;
  readonly authorizationUri: string;
  readonly findKey: (kid: string | undefined) => KeyObject | undefined;
  readonly demands: TokenDemands;
}

/** The claims of the call's token, or the 401 that refuses it. */
export async function checkBearer(call: Call, rules: BearerRules): Promise<{ token: JsonObject } | Answer> {
  const refused = (message: string, claims?: string): Answer =>
    failure(call, 401, 'InvalidAuthenticationToken', message, {
      'WWW-Authenticate': challenge(rules.authorizationUri, claims),
    });
  const text = bearerOf(call.request.headers);
  if (text === undefined) return refused('Access token is empty.');
  const token = await verified(text, rules);
  if (token === 'malformed') return refused('IDX14100: JWT is not well formed, there are no dots (.).');
  if (token === 'unsigned') return refused('Access token validation failure. Invalid signature.');
  if (token.aud !== rules.audience) return refused('Access token validation failure. Invalid audience.');
  const isTimely = typeof token.exp === 'number' && call.now < token.exp * 1_000;
  if (!isTimely || rules.demands.isRevoked(token)) {
    return refused('Lifetime validation failed, the token is expired.');
  }
  const isBatch = call.url.pathname.endsWith('/$batch');
  const missing = rules.demands.missingClaims(token, isBatch ? 'envelope' : 'single');
  return missing === undefined ? { token } : refused('Continuous access evaluation resulted in challenge.', missing);
}

/** The 401 for an entry of a batch, when entries are challenged one by one. */
export function checkEntryClaims(call: Call, token: JsonObject, rules: BearerRules): Answer | undefined {
  const missing = rules.demands.missingClaims(token, 'entry');
  if (missing === undefined) return undefined;
  return failure(call, 401, 'InvalidAuthenticationToken', 'Continuous access evaluation resulted in challenge.', {
    'WWW-Authenticate': challenge(rules.authorizationUri, missing),
  });
}

/** The bearer token of a request's headers. */
export const bearerOf = (headers: Readonly<Record<string, string>>): string | undefined =>
  /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];

async function verified(text: string, { findKey }: BearerRules): Promise<JsonObject | 'malformed' | 'unsigned'> {
  const [header] = text.split('.');
  const parsed = parseJson(Buffer.from(header ?? '', 'base64url').toString('utf8'));
  if (!isJsonObject(parsed)) return 'malformed';
  const key = findKey(typeof parsed.kid === 'string' ? parsed.kid : undefined);
  if (key === undefined) return 'unsigned';
  try {
    const { payload } = await compactVerify(text, key, { algorithms: ['RS256'] });
    const claims = parseJson(Buffer.from(payload).toString('utf8'));
    return isJsonObject(claims) ? claims : 'malformed';
  } catch {
    return 'unsigned';
  }
}

/** The `WWW-Authenticate` of a 401, with the claims (JSON text) that are wanted, as Graph writes it. */
export function challenge(authorizationUri: string, claims: string | undefined): string {
  const parts = [
    'realm=""',
    `authorization_uri="${authorizationUri}"`,
    'client_id="00000003-0000-0000-c000-000000000000"',
  ];
  if (claims !== undefined) {
    parts.push('error="insufficient_claims"', `claims="${Buffer.from(claims).toString('base64')}"`);
  }
  return `Bearer ${parts.join(', ')}`;
}
