import type { JsonObject } from '../../json.ts';
import { callerClaims, issuer, pairwiseSubject } from '../caller-token.ts';
import { personOf } from '../people.ts';
import { authenticationContexts, satisfiedClaims } from '../satisfied-claims.ts';
import type { SigningKeys } from '../signing-keys.ts';
import { GRAPH_APP_ID, tenant } from '../tenant.ts';
import type { SignIn } from './sign-in.ts';

/** What signs the tokens of a sign-in. `now` in milliseconds since 1970. */
export interface SignInTokens {
  readonly origin: string;
  readonly keys: SigningKeys;
  readonly now: number;
  /** How the client proved itself: 1 a secret, 2 an assertion. */
  readonly azpacr: '1' | '2';
}

const LIFETIME_SECONDS = 3_600;

/** The token endpoint's answer to a code or a refresh token. */
export function signInTokens(
  options: {
    signIn: SignIn;
    nonce: string | undefined;
    refreshToken: string | undefined;
    wantsClientInfo: boolean;
  },
  { origin, keys, now, azpacr }: SignInTokens,
): JsonObject {
  const { signIn, nonce, refreshToken, wantsClientInfo } = options;
  const { oid, clientId, scope, claims } = signIn;
  const iat = Math.floor(now / 1_000);
  const isOwn = scope.permissions.length > 0;
  const contexts = authenticationContexts(claims);
  // Who asks for OpenID's scopes only gets a token for Graph, which the gateway must refuse.
  const names = isOwn ? scope.permissions : ['openid', 'profile'];
  const accessToken = keys.sign(
    callerClaims(
      {
        oid,
        azp: clientId,
        aud: isOwn ? clientId : GRAPH_APP_ID,
        scp: names.join(' '),
        exp: iat + LIFETIME_SECONDS,
        claims: { azpacr, ...satisfiedClaims(claims), ...(contexts.length === 0 ? {} : { acrs: contexts }) },
      },
      origin,
      iat,
    ),
  );
  return {
    token_type: 'Bearer',
    scope: (isOwn ? names.map((name) => `${clientId}/${name}`) : names).join(' '),
    expires_in: LIFETIME_SECONDS,
    ext_expires_in: LIFETIME_SECONDS,
    access_token: accessToken,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    ...(scope.openid ? { id_token: keys.sign(idClaims(signIn, nonce, origin, iat)) } : {}),
    ...(wantsClientInfo
      ? { client_info: Buffer.from(JSON.stringify({ uid: oid, utid: tenant.id })).toString('base64url') }
      : {}),
  };
}

function idClaims(
  { oid, clientId, scope }: SignIn,
  nonce: string | undefined,
  origin: string,
  iat: number,
): JsonObject {
  const { name, username } = personOf(oid);
  return {
    aud: clientId,
    iss: issuer(origin, tenant.id, '2.0'),
    iat,
    nbf: iat,
    exp: iat + LIFETIME_SECONDS,
    ...(nonce === undefined ? {} : { nonce }),
    ...(scope.profile ? { name, preferred_username: username, oid } : {}),
    sub: pairwiseSubject(oid, clientId),
    tid: tenant.id,
    ver: '2.0',
  };
}
