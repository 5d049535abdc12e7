/**
 * `npm run token`: signs a person in through the browser and prints a token for the gateway, alone, on standard output.
 * Everything else goes to standard error; exit code 1 when there is no token.
 * @param argv a file with settings may be named, `.env`: what the environment itself sets wins
 */
import { existsSync } from 'node:fs';
import { ConfigError, loadConfig, wantsEmulator } from '../config.ts';
import { signInFromTerminal } from './sign-in/terminal-sign-in.ts';

const { argv, env, stdout, stderr } = process;

const NEEDS_A_TENANT = `\`npm run token\` signs in at a tenant: set AZURE_TENANT_ID, AZURE_CLIENT_ID and the gateway's credential, in .env for example.
Without AZURE_* settings the gateway runs on its emulator; the explorer at /graphql opens signed in there, and POST /_emulator/token of the emulator's Entra gives a token.
`;

const [, , file] = argv;
if (file !== undefined && existsSync(file)) process.loadEnvFile(file);
try {
  if (wantsEmulator(env)) throw new ConfigError(NEEDS_A_TENANT.trimEnd());
  const token = await signInFromTerminal(loadConfig(env), (line) => void stderr.write(`${line}\n`));
  stdout.write(`${token}\n`);
} catch (failure) {
  stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
}
