import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { type Config, ConfigError, loadConfig, settings, wantsEmulator } from './config.ts';
import type { Emulator } from './emulator/emulator.ts';
import type { ExplorerStart } from './explorer/explorer.ts';
import { loadSchemaSource } from './graphql/schema.ts';
import { createLog } from './observability/log/create-log.ts';
import { createLogOutput } from './observability/log/log-output.ts';
import { secretsOf } from './observability/log/secrets-of.ts';
import { settingsInEffect } from './observability/log/settings-in-effect.ts';
import { openStandardOutput } from './observability/log/standard-output.ts';
import { telemetryWanted } from './observability/telemetry/telemetry-wanted.ts';
import { buildServer } from './server.ts';
import { matchClouds } from './settings/clouds.ts';
import { listenFailure } from './settings/listen-failure.ts';
import { type MisspeltSetting, misspeltMessage, misspeltSettings } from './settings/misspelt-settings.ts';

/** After the drain, what is in flight may take its whole budget; then the process ends whatever happens. */
const EXIT_MARGIN_MS = 5_000;
/** How long the lines that say that it serves wait for Entra. */
const BANNER_WAITS_MS = 1_000;

/**
 * The process: starts the emulator when nothing is said about Azure, listens, and stops on SIGTERM and SIGINT. Wrong
 * settings end it with exit code 1 and one message.
 * @param env the environment; nothing else reads it
 */
export async function runGateway(env: NodeJS.ProcessEnv): Promise<void> {
  await findDevelopmentParts(env);
  const emulator = wantsEmulator(env) ? await startEmulator(env) : undefined;
  // On the emulator its own settings win: a GRAPH_BASE_URL that is set all the same must not have the real Graph asked.
  // It is on this machine, where no proxy leads to.
  const config = readConfig(
    emulator === undefined ? env : { ...env, HOST: env.HOST || '127.0.0.1', ...emulator.env, no_proxy: '*' },
  );
  const explorer = emulator === undefined ? undefined : explorerOn(emulator);
  const schema = loadSchemaSource();
  const output = createLogOutput({ writeSome: openStandardOutput() });
  process.once('exit', output.end);
  const log = createLog({
    level: config.logLevel,
    sensitiveFields: schema.sensitiveFields,
    secrets: secretsOf(config),
    output,
  });
  const { logger } = log;
  for (const each of misspeltSettings(env, Object.keys(settings))) {
    logger.warn({ setting: each.name, meant: each.meant }, misspeltMessage(each));
  }
  const clouds = matchClouds(config);
  if (clouds.status !== 'ok') logger.warn(clouds.message);
  const running = await startTelemetry(env, logger);
  running?.telemetry.watch('log.ordinary_lines_lost', () => output.lost.ordinary);
  running?.telemetry.watch('log.audit_lines_lost', () => output.lost.audit);
  const dependencies = { ...log, schema, explorer, telemetry: running?.telemetry };
  const { app, drain, warmUp } = await buildServer(config, dependencies).catch((error: unknown) =>
    exitOnConfigError(error),
  );
  const warm = warmUp();
  const address = await app
    .listen({ port: config.port, host: config.host })
    .catch((error: unknown) => exit(listenFailure(error, config), error));
  logger.info(
    { version: manifest.version, node: process.version, address, settings: settingsInEffect(config) },
    'started',
  );

  const grace = closeWithGrace(
    {
      delay: config.shutdownDrainMs + config.requestTimeoutMs + EXIT_MARGIN_MS,
      logger,
      // npm forwards a signal that the process group already had; the library would take it for impatience and exit.
      // SIGUSR2 is what profilers and reports are asked for with: no reason to stop.
      skip: ['SIGTERM', 'SIGINT', 'SIGUSR2'],
    },
    async ({ err }) => {
      if (err) logger.fatal({ err }, 'stopping after a failure');
      drain();
      logger.info({ drainMs: err ? 0 : config.shutdownDrainMs }, 'draining');
      if (!err) await new Promise((resolve) => setTimeout(resolve, config.shutdownDrainMs));
      // Sockets of requests that were in flight become idle only later.
      logger.info('drained: what is in flight may end, nothing new is taken');
      const idle = setInterval(() => app.server.closeIdleConnections(), 50);
      await app.close();
      clearInterval(idle);
      await running?.stop();
      await emulator?.close();
      logger.info('stopped');
    },
  );
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      logger.info({ signal }, 'stopping');
      grace.close();
    });
  }
  // Without a listener of anybody's it would end the process.
  process.on('SIGUSR2', () => {});
  // Who reads that it serves may ask at once; an Entra that does not answer is in the log, and keeps nothing else waiting.
  await Promise.race([warm, new Promise((resolve) => setTimeout(resolve, BANNER_WAITS_MS).unref())]);
  const notice = config.production
    ? `GraphQL at ${address}/graphql\n`
    : await exploreNotice(config, app, address, explorer);
  // Last: who reads it may stop the process at once.
  output.writeNow(emulatorNotice(emulator) + notice);
}

/** OpenTelemetry's SDK is large: without an OTEL_* variable that asks for it, it is not even loaded. */
async function startTelemetry(env: NodeJS.ProcessEnv, logger: Logger) {
  const wanted = telemetryWanted(env);
  if (wanted === undefined) return undefined;
  const { startTelemetry: start } = await import('./observability/telemetry/telemetry-sdk.ts');
  return start(wanted, env, logger);
}

/** The bundle holds what production needs: without the explorer and the emulator, nothing but production runs. */
async function findDevelopmentParts({ NODE_ENV }: NodeJS.ProcessEnv): Promise<void> {
  if (NODE_ENV === 'production') return;
  await import('./explorer/start-notice.ts').catch((error: unknown) => {
    const missing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    exit(missing ? 'NODE_ENV: expected production; this build has neither explorer nor emulator.' : undefined, error);
  });
}

async function startEmulator(env: NodeJS.ProcessEnv): Promise<Emulator> {
  const { startEmulatorFromEnv } = await import('./emulator/start-from-env.ts');
  const { EmulatorSettingsError } = await import('./emulator/emulator-settings.ts');
  return startEmulatorFromEnv(env).catch((error: unknown) =>
    exit(error instanceof EmulatorSettingsError ? error.message : undefined, error),
  );
}

function readConfig(env: NodeJS.ProcessEnv): Config {
  try {
    const config = loadConfig(env);
    const { status, message } = matchClouds(config);
    if (status === 'failed') throw new ConfigError(`The settings are not usable:\n  ${message}`);
    return config;
  } catch (error) {
    return exitOnConfigError(error, misspeltSettings(env, Object.keys(settings)));
  }
}

/** @param misspelt what may be why a setting is missing */
function exitOnConfigError(error: unknown, misspelt: readonly MisspeltSetting[] = []): never {
  if (!(error instanceof ConfigError)) return exit(undefined, error);
  return exit([error.message, ...misspelt.map((each) => `  ${misspeltMessage(each)}`)].join('\n'), error);
}

/** Ends the process with one message and no stack trace. @throws `error` when there is no message for it */
function exit(message: string | undefined, error: unknown): never {
  if (message === undefined) throw error;
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function explorerOn({ entra, graph }: Emulator): ExplorerStart {
  return {
    sessionId: [...graph.sessions.keys()][0] ?? '',
    mintToken: async () => entra.mintToken(),
  };
}

function emulatorNotice(emulator: Emulator | undefined): string {
  if (emulator === undefined) return '';
  const { entra, graph } = emulator;
  return [
    `Emulated Entra at ${entra.origin}`,
    `Emulated Graph at ${graph.baseUrl}`,
    'FOR TESTS ONLY: the emulator gives a token to whoever asks.',
    '',
  ].join('\n');
}

/** The explorer and what belongs to it are not in the image. */
async function exploreNotice(config: Config, app: FastifyInstance, address: string, start: ExplorerStart | undefined) {
  const { startNotice } = await import('./explorer/start-notice.ts');
  return startNotice({ config, address, listening: app.server.address(), start });
}
