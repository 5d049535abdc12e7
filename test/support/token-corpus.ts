import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { MintOptions } from '../../src/emulator/entra/caller-token.ts';

/** An `Authorization` header that must be refused, and what the answer says about it. */
export interface RefusedHeader {
  readonly name: string;
  /** The header's value; undefined sends none. */
  readonly make: (emulator: Emulator) => string | undefined;
  readonly says: RegExp;
  /** `bare`: no credentials of ours were presented, so the challenge names no error (RFC 6750, 3.1). */
  readonly challenge: 'bare' | 'invalid_token';
}

const now = () => Math.floor(Date.now() / 1000);
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWS of the sample user's claims, signed by whoever the test likes. */
export function forge(
  emulator: Emulator,
  header: Record<string, unknown>,
  signature: (signed: string) => Buffer,
  mint: MintOptions = {},
): string {
  const payload = emulator.entra.mintToken(mint).split('.')[1];
  const signed = `${base64url({ typ: 'JWT', alg: 'RS256', kid: kidOf(emulator), ...header })}.${payload}`;
  return `${signed}.${signature(signed).toString('base64url')}`;
}

export const kidOf = ({ entra }: Emulator): string => entra.publicKeys().keys[0]?.kid ?? '';

/** A key pair that Entra knows nothing of. */
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });
const foreignJwk = foreign.publicKey.export({ format: 'jwk' });
const signedByStranger = (signed: string) => sign('RSA-SHA256', Buffer.from(signed), foreign.privateKey);

const bearer = (token: string) => `Bearer ${token}`;
const minted = (options: MintOptions) => (emulator: Emulator) => bearer(emulator.entra.mintToken(options));
const part = (token: string, index: number) => token.split('.')[index] ?? '';

function withPayload(emulator: Emulator, changes: Record<string, unknown>): string {
  const token = emulator.entra.mintToken();
  const claims = JSON.parse(Buffer.from(part(token, 1), 'base64url').toString());
  return `${part(token, 0)}.${base64url({ ...claims, ...changes })}.${part(token, 2)}`;
}

function withFlippedSignature(token: string): string {
  const signature = Buffer.from(part(token, 2), 'base64url');
  signature[0] = (signature[0] ?? 0) ^ 1;
  return `${part(token, 0)}.${part(token, 1)}.${signature.toString('base64url')}`;
}

const hmacKeys: Readonly<Record<string, (emulator: Emulator) => string | Buffer>> = {
  'the public key as PEM': ({ entra }) => entra.signingKeyPem(),
  'the public key as PEM without its last line end': ({ entra }) => entra.signingKeyPem().trim(),
  'the public key as DER': ({ entra }) =>
    createPublicKey(entra.signingKeyPem()).export({ type: 'spki', format: 'der' }) as Buffer,
  'the published key as JSON': ({ entra }) => JSON.stringify(entra.publicKeys().keys[0]),
};

const refused = (
  name: string,
  make: RefusedHeader['make'],
  says: RegExp,
  challenge: RefusedHeader['challenge'] = 'invalid_token',
): RefusedHeader => ({ name, make, says, challenge });

const notOneToken = /must be "Bearer" and one access token/;
const notSigned = /signature is not valid/;
const otherAudience = /for another audience/;
const malformedClaim = /claim of the token is missing or malformed/;
const ownKey = /brings its own key or critical extensions/;

/** Every way of not being let in that we know of. */
export const refusedHeaders: readonly RefusedHeader[] = [
  refused('no header at all', () => undefined, /access token is needed/, 'bare'),
  refused('Basic', () => `Basic ${Buffer.from('ada:secret').toString('base64')}`, /access token is needed/, 'bare'),
  refused('a token without its scheme', ({ entra }) => entra.mintToken(), /access token is needed/, 'bare'),
  refused(
    'another scheme with our token',
    ({ entra }) => `DPoP ${entra.mintToken()}`,
    /access token is needed/,
    'bare',
  ),
  refused('a scheme that only begins like ours', ({ entra }) => `Bearers ${entra.mintToken()}`, /is needed/, 'bare'),
  refused('the scheme alone', () => 'Bearer', notOneToken),
  refused('garbage', () => bearer('garbage'), notOneToken),
  refused('dots', () => bearer('..'), notOneToken),
  refused('parts that are no JSON', () => bearer('aaaa.bbbb.cccc'), /not a JWT/),
  refused('parts that are JSON, but no objects', () => bearer(`${base64url(1)}.${base64url([])}.x`), /not a JWT/),
  refused('four parts', ({ entra }) => bearer(`${entra.mintToken()}.AAAA`), notOneToken),
  refused('five parts, as an encrypted token has', () => bearer('a.b.c.d.e'), notOneToken),
  refused('two tokens', ({ entra }) => bearer(`${entra.mintToken()} ${entra.mintToken()}`), notOneToken),
  refused(
    'two tokens with a comma',
    ({ entra }) => bearer(`${entra.mintToken()}, Bearer ${entra.mintToken()}`),
    notOneToken,
  ),
  refused('a tab after the scheme', ({ entra }) => `Bearer\t${entra.mintToken()}`, notOneToken),
  refused('a tab inside', ({ entra }) => bearer(entra.mintToken().replace('.', '\t.')), notOneToken),
  refused('a quoted token', ({ entra }) => bearer(`"${entra.mintToken()}"`), notOneToken),
  refused('padded base64', ({ entra }) => bearer(`${entra.mintToken()}==`), notOneToken),
  refused('a space that is not ASCII', ({ entra }) => `Bearer\u00a0${entra.mintToken()}`, notOneToken),
  refused('17 KiB', () => bearer(`a.b.${'c'.repeat(17 * 1024)}`), /too long/),
  refused('17 KiB, rightly signed', minted({ claims: { groups: 'g'.repeat(17 * 1024) } }), /too long/),
  refused('100 KiB', () => bearer(`a.b.${'c'.repeat(100 * 1024)}`), /too long/),

  refused('alg none without signature', (e) => bearer(forge(e, { alg: 'none' }, () => Buffer.alloc(0))), notOneToken),
  refused('alg none', (e) => bearer(forge(e, { alg: 'none' }, () => Buffer.alloc(8))), /RS256/),
  refused('alg nOnE', (e) => bearer(forge(e, { alg: 'nOnE' }, () => Buffer.alloc(8))), /RS256/),
  refused('no alg', (e) => bearer(forge(e, { alg: undefined }, signedByStranger)), /RS256|not a JWT/),
  ...Object.entries(hmacKeys).map(([name, key]) =>
    refused(
      `HS256 with ${name}`,
      (e) => bearer(forge(e, { alg: 'HS256' }, (signed) => createHmac('sha256', key(e)).update(signed).digest())),
      /RS256/,
    ),
  ),
  refused('PS256', (e) => bearer(forge(e, { alg: 'PS256' }, signedByStranger)), /RS256/),
  refused('RS512', minted({ header: { alg: 'RS512' } }), /RS256/),
  refused('alg as a list', minted({ header: { alg: ['RS256'] } }), /RS256|not a JWT/),
  refused('a cut signature', ({ entra }) => bearer(entra.mintToken().slice(0, -20)), notSigned),
  refused('a flipped bit in the signature', ({ entra }) => bearer(withFlippedSignature(entra.mintToken())), notSigned),
  refused('another user in the payload', (e) => bearer(withPayload(e, { oid: crypto.randomUUID() })), notSigned),
  refused('a later expiry in the payload', (e) => bearer(withPayload(e, { exp: now() + 86_400 })), notSigned),
  refused('a foreign key under our key id', (e) => bearer(forge(e, {}, signedByStranger)), notSigned),
  refused('a foreign key without key id', (e) => bearer(forge(e, { kid: undefined }, signedByStranger)), notSigned),
  refused('an unknown key id', minted({ header: { kid: 'unknown' } }), /does not publish/),
  refused('an empty key id', minted({ header: { kid: '' } }), /does not publish/),
  refused('a key id that is a path', minted({ header: { kid: '../../dev/null' } }), /does not publish/),
  refused(
    'a key id that is a number',
    minted({ header: { kid: 7 } }),
    /signature is not valid|does not publish|not a JWT/,
  ),
  refused('a key in the header (jwk)', (e) => bearer(forge(e, { jwk: foreignJwk }, signedByStranger)), ownKey),
  refused(
    'a key under an address (jku)',
    (e) => bearer(forge(e, { jku: 'https://evil.example' }, signedByStranger)),
    ownKey,
  ),
  refused(
    'a certificate under an address (x5u)',
    (e) => bearer(forge(e, { x5u: 'https://evil.example' }, signedByStranger)),
    ownKey,
  ),
  refused('a certificate (x5c)', (e) => bearer(forge(e, { x5c: ['AAAA'] }, signedByStranger)), ownKey),
  refused('critical extensions', minted({ header: { crit: ['exp'] } }), ownKey),
  refused('an unencoded payload (b64)', minted({ header: { crit: ['b64'], b64: false } }), ownKey),

  refused('expired', minted({ exp: now() - 3_600 }), /expired/),
  refused('not valid yet', minted({ nbf: now() + 3_600 }), /not valid yet/),
  refused('without expiry', minted({ omit: ['exp'] }), malformedClaim),
  refused('an expiry in words', minted({ claims: { exp: String(now() + 3_600) } }), malformedClaim),
  refused('an expiry that is no number', minted({ claims: { exp: null } }), malformedClaim),
  refused('a start in words', minted({ claims: { nbf: String(now()) } }), malformedClaim),
  refused('another audience', minted({ aud: 'api://somebody-else' }), otherAudience),
  refused(
    'our audience with more behind it',
    ({ entra }) => bearer(entra.mintToken({ aud: `${entra.audience}/x` })),
    otherAudience,
  ),
  refused(
    'our audience in capitals',
    ({ entra }) => bearer(entra.mintToken({ aud: entra.audience.toUpperCase() })),
    otherAudience,
  ),
  refused('without audience', minted({ omit: ['aud'] }), otherAudience),
  refused(
    'our audience in a list',
    ({ entra }) => bearer(entra.mintToken({ claims: { aud: [entra.audience] } })),
    otherAudience,
  ),
  refused(
    'our audience beside Microsoft Graph’s',
    ({ entra }) => bearer(entra.mintToken({ claims: { aud: ['https://graph.microsoft.com', entra.audience] } })),
    otherAudience,
  ),
  refused(
    'a token for Microsoft Graph, v2',
    minted({ aud: '00000003-0000-0000-c000-000000000000' }),
    /Microsoft Graph/,
  ),
  refused(
    'a token for Microsoft Graph, v1',
    minted({ ver: '1.0', aud: 'https://graph.microsoft.com' }),
    /Microsoft Graph/,
  ),
  refused(
    'a token for Microsoft Graph, with slash',
    minted({ aud: 'https://graph.microsoft.com/' }),
    /Microsoft Graph/,
  ),
  refused('another issuer', minted({ iss: 'https://evil.example/v2.0' }), /another issuer/),
  refused('no issuer', minted({ omit: ['iss'] }), /another issuer/),
  refused(
    'the issuer of v1 on a token of v2',
    ({ entra }) => bearer(entra.mintToken({ iss: `${entra.origin}/${entra.tenantId}/` })),
    /another issuer/,
  ),
  refused('another tenant', minted({ tid: '99999999-9999-4999-8999-999999999999' }), /another issuer/),
  refused(
    'another tenant behind our issuer',
    minted({ claims: { tid: '99999999-9999-4999-8999-999999999999' } }),
    /another tenant/,
  ),
  refused('an empty tenant', minted({ claims: { tid: '' } }), /another tenant/),
  refused('a tenant that is only a part of the issuer', minted({ claims: { tid: 'v2.0' } }), /another tenant/),
  refused('no tenant', minted({ omit: ['tid'] }), /another tenant/),
  refused('no user', minted({ omit: ['oid'] }), /no user/),
  refused('an empty user', minted({ claims: { oid: '' } }), /no user/),
  refused('an app’s own token', minted({ omit: ['scp'], claims: { roles: ['Sessions.ReadWrite'] } }), /app's own/),
  refused('an app’s own token that says so', minted({ omit: ['scp'], claims: { idtyp: 'app' } }), /app's own/),
  refused('an app’s own token with a scope', minted({ claims: { idtyp: 'app' } }), /app's own/),
  refused(
    'an ID token',
    minted({ omit: ['scp', 'azp', 'azpacr'], claims: { nonce: 'n', at_hash: 'h' } }),
    /no access token/,
  ),
  refused('scopes as a list', minted({ claims: { scp: ['access_as_user'] } }), /no access token/),
];

/** Unusual, and all the same valid. */
export const acceptedHeaders: Readonly<Record<string, (emulator: Emulator) => string>> = {
  'the ordinary one': minted({}),
  'the scheme in lower case': ({ entra }) => `bearer ${entra.mintToken()}`,
  'the scheme in capitals': ({ entra }) => `BEARER ${entra.mintToken()}`,
  'several spaces': ({ entra }) => `Bearer   ${entra.mintToken()}`,
  'a token of version 1.0': minted({ ver: '1.0' }),
  'a token of version 1.0 for the client id': ({ entra }) =>
    bearer(entra.mintToken({ ver: '1.0', aud: entra.clientId })),
  'the App ID URI as audience': ({ entra }) => bearer(entra.mintToken({ aud: entra.audience })),
  'more scopes than the one': minted({ scp: 'openid access_as_user profile' }),
  'a person with app roles': minted({ claims: { roles: ['Helper'] } }),
  'a person, as the token says': minted({ claims: { idtyp: 'user' } }),
  'expired within the tolerance': minted({ exp: now() - 60 }),
  'valid soon, within the tolerance': minted({ nbf: now() + 60 }),
  'without a start': minted({ omit: ['nbf'] }),
  '15 KiB': minted({ claims: { groups: 'g'.repeat(11 * 1024) } }),
};
