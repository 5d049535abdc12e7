import { errors } from 'jose';
import type { Config } from '../../config.ts';
import { GatewayError } from '../../errors.ts';
import { invalidToken } from './bearer-challenge.ts';

export interface ExpectedOfToken {
  readonly entra: Config['entra'];
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What jose refused: to the client what to do about it, to the operator which claim it was and what was expected. */
export function tokenRefusal(error: errors.JOSEError, expected: ExpectedOfToken): GatewayError {
  const [description, hint] = describe(error, expected);
  return new GatewayError('UNAUTHENTICATED', `${description}.`, {
    challenge: invalidToken(description),
    hint,
    cause: error,
  });
}

function describe(error: errors.JOSEError, { entra, issuer, now }: ExpectedOfToken): readonly [string, string] {
  if (error instanceof errors.JWTExpired) {
    return ['The token has expired', `exp was ${instant(error.payload.exp)}, now is ${instant(now / 1000)}`];
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, payload, reason } = error;
    switch (claim) {
      case 'aud':
        return [
          'The token is for another audience',
          `aud is ${shown(payload.aud)}, expected ${entra.audiences.join(' or ')}; look at API_AUDIENCE and AZURE_CLIENT_ID`,
        ];
      case 'iss':
        return [
          'The token is of another issuer',
          `iss is ${shown(payload.iss)}, expected ${issuer}; look at AZURE_TENANT_ID`,
        ];
      case 'nbf':
        if (reason !== 'check_failed') break;
        return ['The token is not valid yet', `nbf is ${instant(payload.nbf)}, now is ${instant(now / 1000)}`];
    }
    return ['A claim of the token is missing or malformed', `${claim} is missing or malformed`];
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    const hint = "kid is not among Entra's keys: a token of another issuer, or a forged one; look at AZURE_TENANT_ID";
    return ['The token is signed with a key that Entra does not publish', hint];
  }
  return ["The token's signature is not valid", 'the signature is not valid'];
}

/** Only what looks like an id or an address: a claim is somebody's text, and a log line is no place for that. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const plain = typeof value === 'string' && /^((api|https?):\/\/)?[\w.:/-]{1,120}$/.test(value);
  return plain && !/eyJ/.test(value) ? `"${value}"` : 'another';
}

function instant(seconds: number | undefined): string {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? 'not a time' : date.toISOString();
}
