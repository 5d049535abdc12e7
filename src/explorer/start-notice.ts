import type { AddressInfo } from 'node:net';
import type { Config } from '../config.ts';
import type { ExplorerStart } from './explorer.ts';
import { explorerOrigin } from './explorer-origin.ts';
import { updateInput, updateOperation } from './operations.ts';
import { EXPLORER_PATH } from './sign-in/return-path.ts';

/**
 * What is said at the start outside production: where GraphQL is, where to explore it, and on the emulator a line for a
 * shell that updates a session as it stands.
 */
export async function startNotice(options: {
  readonly config: Pick<Config, 'explorerOrigin'>;
  /** Where the gateway listens, as a URL, and as its server says it. */
  readonly address: string;
  readonly listening: AddressInfo | string | null;
  /** Set on the emulator. */
  readonly start: ExplorerStart | undefined;
}): Promise<string> {
  const { config, address, listening, start } = options;
  const endpoint = `${address}/graphql`;
  const where = [
    `GraphQL at ${endpoint}`,
    `Explore it in a browser: ${explorerOrigin(config, listening)}${EXPLORER_PATH}`,
    '',
  ].join('\n');
  if (start === undefined) return where;
  const body = {
    query: updateOperation.replace(/\s+/g, ' ').trim(),
    variables: { id: start.sessionId, input: updateInput },
  };
  return [
    `${where}EMULATOR: no AZURE_* setting is set, so this runs on the embedded emulator of Microsoft Entra ID and Microsoft Graph.`,
    'Nothing here is real.',
    'Update a session:',
    '',
    `curl -s ${endpoint} -H 'content-type: application/json' -H 'authorization: Bearer ${await start.mintToken()}' -d '${JSON.stringify(body)}'`,
    '',
    '',
  ].join('\n');
}
