import { type Emulator, startEmulator } from './emulator.ts';
import { explainedStart, readEmulatorSettings } from './emulator-settings.ts';

/**
 * Starts an emulator as the EMULATOR_* names of the environment say.
 * @throws EmulatorSettingsError, which names every setting that is wrong, a port that is taken included
 */
export async function startEmulatorFromEnv(env: Readonly<Record<string, string | undefined>>): Promise<Emulator> {
  const settings = readEmulatorSettings(env);
  try {
    return await startEmulator(settings);
  } catch (error) {
    throw explainedStart(error, settings);
  }
}
