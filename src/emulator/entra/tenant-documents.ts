import { openIdConfiguration } from './discovery.ts';
import type { SigningKeys } from './signing-keys.ts';

/** The tenant's public documents by path. */
export function tenantDocuments(
  origin: string,
  tenantId: string,
  keys: SigningKeys,
): Record<string, (() => unknown) | undefined> {
  return {
    '.well-known/openid-configuration': () => openIdConfiguration(origin, tenantId, '1.0'),
    'v2.0/.well-known/openid-configuration': () => openIdConfiguration(origin, tenantId, '2.0'),
    'discovery/keys': () => ({ keys: keys.published() }),
    'discovery/v2.0/keys': () => ({
      keys: keys.published().map((key) => ({ ...key, issuer: `${origin}/${tenantId}/v2.0` })),
    }),
  };
}
