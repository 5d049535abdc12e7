import type { Config } from '../../config.ts';

/**
 * The `WWW-Authenticate` values of RFC 6750. A request without a token gets a bare challenge, as the RFC asks; the
 * claims challenge has the parameters that Microsoft's client libraries look for (entra-docs, claims-challenge).
 */
export const missingToken = 'Bearer';

export function invalidToken(description: string): string {
  return `Bearer error="invalid_token", error_description="${quotable(description)}"`;
}

export function insufficientScope(scope: string): string {
  return `Bearer error="insufficient_scope", error_description="${quotable(`The token needs the scope ${scope}.`)}", scope="${quotable(scope)}"`;
}

/** @param claims JSON text; it travels as base64, because a quoted header value cannot hold it. */
export function interactionRequired(entra: Config['entra'], claims: string | undefined): string {
  const authorize = `${entra.authorityHost}/${entra.tenantId}/oauth2/v2.0/authorize`;
  const parts = [`authorization_uri="${authorize}"`, `client_id="${quotable(entra.clientId)}"`];
  if (claims === undefined) parts.push('error="interaction_required"');
  else parts.push('error="insufficient_claims"', `claims="${Buffer.from(claims).toString('base64')}"`);
  return `Bearer ${parts.join(', ')}`;
}

function quotable(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, "'");
}
