import { parseRecord } from './json-object.ts';

/**
 * The claims of a `WWW-Authenticate` challenge (continuous access evaluation), decoded to JSON text; undefined when the
 * header holds none that makes sense. The value is base64, whose padding a split on "=" would cut off.
 */
export function claimsOf(header: string | undefined): string | undefined {
  const encoded = /(?:^|[\s,])claims="([A-Za-z0-9+/_-]+={0,2})"/.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const claims = Buffer.from(encoded, 'base64').toString();
  return parseRecord(claims) === undefined ? undefined : claims;
}
