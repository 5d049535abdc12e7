import { createEntra } from './entra/entra.ts';
import type { EntraEmulator } from './entra/entra-emulator.ts';
import { createGraph } from './graph/graph.ts';
import type { GraphEmulator } from './graph/graph-emulator.ts';
import { sampleSessions } from './sample-sessions.ts';

/** Entra and Microsoft Graph as two HTTP servers on the loopback address, which refuse what the real ones refuse. */
export interface Emulator {
  readonly entra: EntraEmulator;
  readonly graph: GraphEmulator;
  /** The settings that point a gateway at this emulator. */
  readonly env: Record<string, string>;
  /** At once: open connections are destroyed. */
  close(): Promise<void>;
}

/**
 * Starts both servers, on free ports unless told which. Made for tests and local work: it gives tokens to whoever asks
 * and keeps what it sees, so it must never be reachable from elsewhere.
 */
export async function startEmulator(
  options: {
    entraPort?: number;
    graphPort?: number;
    /** Milliseconds since 1970. */
    clock?: () => number;
    sessions?: Iterable<[id: string, session: Record<string, unknown>]>;
  } = {},
): Promise<Emulator> {
  const { clock = Date.now } = options;
  const { entra, keys } = await createEntra({ port: options.entraPort ?? 0, clock, resource: () => graph.origin });
  await entra.start();
  const graph = createGraph({
    port: options.graphPort ?? 0,
    clock,
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
    },
    async close() {
      await Promise.all([entra.stop(), graph.stop()]);
    },
  };
}
