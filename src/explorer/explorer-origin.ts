import type { AddressInfo } from 'node:net';
import type { Config } from '../config.ts';

/**
 * Where a browser reaches the explorer, an origin: the setting, never what a request says. Where it is left to its
 * default and the port to the system, the port is known once the gateway listens.
 * @param address what the gateway's server listens on
 */
export function explorerOrigin(config: Pick<Config, 'explorerOrigin'>, address: AddressInfo | string | null): string {
  const url = new URL(config.explorerOrigin);
  if (url.port === '0' && typeof address === 'object' && address !== null) url.port = String(address.port);
  return url.origin;
}
