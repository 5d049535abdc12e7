import { createEntra } from './entra/entra.ts';
import type { EntraEmulator } from './entra/entra-emulator.ts';
import { createGraph } from './graph/graph.ts';
import type { GraphEmulator } from './graph/graph-emulator.ts';
import { sampleSessions } from './sample-sessions.ts';

/** Entra and Microsoft Graph as two HTTP servers, which refuse what the real ones refuse. */
export interface Emulator {
  readonly entra: EntraEmulator;
  readonly graph: GraphEmulator;
  /** The settings that point a gateway at this emulator. */
  readonly env: Record<string, string>;
  /** At once: open connections are destroyed. */
  close(): Promise<void>;
}

/**
 * Starts both servers, on free ports of the loopback address unless told otherwise. Made for tests and local work: it
 * gives tokens to whoever asks and keeps what it sees, so nobody else should reach it.
 */
export async function startEmulator(
  options: {
    entraPort?: number;
    graphPort?: number;
    /** Where both listen. Default 127.0.0.1. */
    host?: string | undefined;
    /** What other machines call this one. Default: the address where it listens, 127.0.0.1 when that is all of them. */
    publicHost?: string | undefined;
    /** Default: a new one. */
    clientSecret?: string | undefined;
    /** Milliseconds since 1970. */
    clock?: () => number;
    sessions?: Iterable<[id: string, session: Record<string, unknown>]>;
  } = {},
): Promise<Emulator> {
  const { clock = Date.now, host = '127.0.0.1', publicHost, clientSecret } = options;
  const place = { host, publicHost: publicHost ?? reachableName(host), clock };
  const port = options.entraPort ?? 0;
  const { entra, keys } = await createEntra({ ...place, port, clientSecret, resource: () => graph.origin });
  await entra.start();
  const graph = createGraph({
    ...place,
    port: options.graphPort ?? 0,
    sessions: options.sessions ?? sampleSessions,
    authorizationUri: `${entra.origin}/common/oauth2/authorize`,
    findKey: keys.find,
  });
  try {
    await graph.start();
  } catch (error) {
    await entra.stop(); // otherwise a taken Graph port leaves Entra listening for ever
    throw error;
  }
  return {
    entra,
    graph,
    env: {
      AZURE_TENANT_ID: entra.tenantId,
      AZURE_CLIENT_ID: entra.clientId,
      AZURE_CLIENT_SECRET: entra.clientSecret,
      AZURE_AUTHORITY_HOST: entra.origin,
      GRAPH_BASE_URL: graph.baseUrl,
      ...(publicHost === undefined ? {} : { EMULATOR_PUBLIC_HOST: publicHost }),
    },
    async close() {
      await Promise.all([entra.stop(), graph.stop()]);
    },
  };
}

/** How this machine itself reaches a listener on `host`: all addresses are no address to go to. */
function reachableName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
