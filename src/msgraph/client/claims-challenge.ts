import { parseRecord } from './json-object.ts';

/**
 * A name and, behind "=", its value: quoted or not, with blanks or without (RFC 9110, 11.2). A name alone is that of a
 * scheme. A quoted value is taken as a whole, so that nothing in it passes for a parameter. Not quoted, base64 may keep
 * its "/" and "=", which no token has.
 */
const PARAMETER = /([\w!#$%&'*+.^`|~-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+)))?/g;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/**
 * The claims of a `WWW-Authenticate` header (continuous access evaluation), decoded to JSON text: the first that make
 * sense of all its challenges. Undefined when there are none.
 */
export function claimsOf(header = ''): string | undefined {
  for (const [, name, quoted, plain = ''] of header.matchAll(PARAMETER)) {
    if (name?.toLowerCase() !== 'claims') continue;
    const encoded = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    const claims = BASE64.test(encoded) ? Buffer.from(encoded, 'base64').toString() : '';
    if (parseRecord(claims) !== undefined) return claims;
  }
  return undefined;
}
