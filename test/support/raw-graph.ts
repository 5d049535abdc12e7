import { onTestFinished } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { type GatewayOptions, startGateway, type TestGateway } from './gateway.ts';
import { type RawBehaviour, type RawServer, type RawServerOptions, startRawServer } from './raw-server.ts';

/** A gateway in front of the emulator's Entra, and of a raw server in the place of Graph. */
export async function startRawGraph(
  behaviour: RawBehaviour,
  { onConnection, ...options }: Omit<GatewayOptions, 'emulator'> & Pick<RawServerOptions, 'onConnection'> = {},
): Promise<TestGateway & { readonly graph: RawServer }> {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  // The same address: Entra gives tokens for the Graph that it knows.
  await emulator.graph.stop();
  const port = Number(new URL(emulator.graph.origin).port);
  const graph = await startRawServer(behaviour, { port, ...(onConnection !== undefined && { onConnection }) });
  return { ...(await startGateway({ ...options, emulator })), graph };
}
