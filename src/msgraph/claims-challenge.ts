/**
 * The claims of a `WWW-Authenticate` challenge (continuous access evaluation), decoded to JSON text; undefined when the
 * header holds none that makes sense. The value is base64, whose padding a split on "=" would cut off.
 */
export function claimsOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(', ') : header;
  const encoded = /(?:^|[\s,])claims="([A-Za-z0-9+/_-]+={0,2})"/.exec(text ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const claims = Buffer.from(encoded, 'base64').toString();
  try {
    const value: unknown = JSON.parse(claims);
    return typeof value === 'object' && value !== null ? claims : undefined;
  } catch {
    return undefined;
  }
}
