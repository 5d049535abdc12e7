/**
 * `npm run emulator`: Entra and Microsoft Graph for other programs to use, until SIGINT or SIGTERM.
 *
 * EMULATOR_ENTRA_PORT and EMULATOR_GRAPH_PORT choose the ports, otherwise free ones are taken. Both servers listen on
 * 127.0.0.1 only and both serve a control surface, which needs no token:
 *
 *   POST   /_emulator/token      Entra only. JSON body: MintOptions (entra/caller-token.ts), may be empty. -> {access_token}
 *   POST   /_emulator/faults     JSON list of Fault (faults.ts), appended. `match.path` is how the path begins.
 *   DELETE /_emulator/faults     forgets the faults that are waiting
 *   GET    /_emulator/requests   what came in, oldest first, tokens and secrets included
 *   DELETE /_emulator/requests   forgets it
 */
import { type Emulator, startEmulator } from './emulator.ts';

const { env, stdout, stderr } = process;

function refuse(reason: string): void {
  stderr.write(`${reason}\n`);
  process.exitCode = 1;
}

function readPort(name: string): number {
  const text = env[name] ?? '0';
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new RangeError(`${name} must be a port number, 0 to 65535.`);
}

function instructions({ entra, graph, env: settings }: Emulator): string {
  return [
    '# Entra and Microsoft Graph, emulated. Settings for a gateway:',
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    '',
    '# A token of the sample user for the gateway:',
    `#   curl -s -X POST ${entra.origin}/_emulator/token`,
    '# A fault for the next request that Graph gets:',
    `#   curl -s -X POST ${graph.origin}/_emulator/faults -d '[{"status":503,"headers":{"Retry-After":"2"}}]'`,
    '',
  ].join('\n');
}

/** How long to stay after closing: while Node itself is ending, a late second signal would turn exit code 0 into a kill. */
const LINGER_MS = 100;

async function end(emulator: Emulator): Promise<void> {
  await emulator.close();
  setTimeout(() => undefined, LINGER_MS);
}

async function main(): Promise<void> {
  if (env.NODE_ENV === 'production') {
    // It hands tokens to whoever asks.
    refuse('The emulator does not start with NODE_ENV=production.');
    return;
  }
  const entraPort = readPort('EMULATOR_ENTRA_PORT');
  const emulator = await startEmulator({ entraPort, graphPort: readPort('EMULATOR_GRAPH_PORT') });
  // `on`, not `once`: under npm a signal arrives twice, and the second must not kill what the first is closing.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(emulator));
  stdout.write(instructions(emulator));
}

main().catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)));
