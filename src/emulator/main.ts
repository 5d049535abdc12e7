/**
 * `npm run emulator`: Entra and Microsoft Graph for other programs to use, until SIGINT or SIGTERM. The settings are in
 * emulator-settings.ts; both servers serve a control surface (control/control-surface.ts), which needs no token.
 * @param argv a file with settings may be named, `.env`: what the environment itself sets wins
 */
import { existsSync } from 'node:fs';
import type { Emulator } from './emulator.ts';
import { EmulatorSettingsError } from './emulator-settings.ts';
import { startEmulatorFromEnv } from './start-from-env.ts';

const { env, stdout, stderr } = process;

function refuse(reason: string): void {
  stderr.write(`${reason}\n`);
  process.exitCode = 1;
}

function instructions({ entra, graph, env: settings }: Emulator): string {
  return [
    '# FOR TESTS ONLY: this emulator gives a token to whoever asks, and shows what it was sent.',
    ...(isLocal(env.EMULATOR_HOST)
      ? []
      : [`# It listens on EMULATOR_HOST=${env.EMULATOR_HOST}: everybody who reaches this machine can ask.`]),
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

const isLocal = (host = '127.0.0.1'): boolean => ['', '127.0.0.1', 'localhost', '::1'].includes(host);

/** How long to stay after closing: while Node itself is ending, a late second signal would turn exit code 0 into a kill. */
const LINGER_MS = 100;

async function end(emulator: Emulator): Promise<void> {
  await emulator.close();
  setTimeout(() => undefined, LINGER_MS);
}

async function main(): Promise<void> {
  const [, , file] = process.argv;
  if (file !== undefined && existsSync(file)) process.loadEnvFile(file);
  if (env.NODE_ENV === 'production') {
    refuse('The emulator does not start with NODE_ENV=production: it gives a token to whoever asks.');
    return;
  }
  const emulator = await startEmulatorFromEnv(env);
  // `on`, not `once`: under npm a signal arrives twice, and the second must not kill what the first is closing.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(emulator));
  stdout.write(instructions(emulator));
}

main().catch((error: unknown) => {
  if (!(error instanceof EmulatorSettingsError)) throw error;
  refuse(error.message);
});
