/** The *Web* redirect URI that is registered on the gateway's app. */
export const registeredRedirectUri = 'http://localhost/sign-in/callback';

/**
 * Whether a redirect URI is the registered one. Entra ignores the port of `localhost`, and nothing else: another host,
 * `127.0.0.1` included, another path, letter case or a query is another address (entra-docs, reply-url.md).
 */
export function isRegisteredRedirectUri(uri: string): boolean {
  const port = /^http:\/\/localhost(:\d{1,5})?\//.exec(uri)?.[1] ?? '';
  return URL.canParse(uri) && uri.replace(port, '') === registeredRedirectUri;
}
