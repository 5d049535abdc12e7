/** How an emulator is set up from outside. */
export interface EmulatorSettings {
  /** 0 takes a free one. */
  readonly entraPort: number;
  readonly graphPort: number;
  /** Where both listen. */
  readonly host: string;
  /** What other machines call this one, for the addresses that are printed and for the issuer of tokens. */
  readonly publicHost: string | undefined;
  /** undefined: a new one at every start. */
  readonly clientSecret: string | undefined;
}

/** A setting that cannot be used. The message names it, in one line for each. */
export class EmulatorSettingsError extends Error {
  override readonly name = 'EmulatorSettingsError';
}

/**
 * Reads the EMULATOR_* names. An empty value counts as not set.
 * @throws EmulatorSettingsError that names every wrong one
 */
export function readEmulatorSettings(env: Readonly<Record<string, string | undefined>>): EmulatorSettings {
  const problems: string[] = [];
  const port = (name: string): number => {
    const text = env[name] || '0';
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) problems.push(`${name}: expected a port, 0 to 65535`);
    return Number(text);
  };
  const [entraPort, graphPort] = [port('EMULATOR_ENTRA_PORT'), port('EMULATOR_GRAPH_PORT')];
  if (entraPort === graphPort && entraPort !== 0) {
    problems.push('EMULATOR_ENTRA_PORT, EMULATOR_GRAPH_PORT: expected two different ports');
  }
  const publicHost = env.EMULATOR_PUBLIC_HOST || undefined;
  if (publicHost !== undefined && URL.parse(`http://${publicHost}`)?.host !== publicHost.toLowerCase()) {
    problems.push('EMULATOR_PUBLIC_HOST: expected a host name such as emulator, without scheme, port and path');
  } else if (publicHost !== undefined && URL.parse(`http://${publicHost}`)?.port !== '') {
    problems.push('EMULATOR_PUBLIC_HOST: expected a host name without a port');
  }
  if (problems.length > 0) throw new EmulatorSettingsError(problems.join('\n'));
  return {
    entraPort,
    graphPort,
    host: env.EMULATOR_HOST || '127.0.0.1',
    publicHost: publicHost?.toLowerCase(),
    clientSecret: env.EMULATOR_CLIENT_SECRET || undefined,
  };
}

/** The error of a start, in a line that names the setting when it is one of listening. */
export function explainedStart(error: unknown, { entraPort, host }: EmulatorSettings): unknown {
  const { code, syscall, port } = (error ?? {}) as NodeJS.ErrnoException & { port?: number };
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error;
  const name = port === entraPort ? 'EMULATOR_ENTRA_PORT' : 'EMULATOR_GRAPH_PORT';
  switch (code) {
    case 'EADDRINUSE':
      return new EmulatorSettingsError(`${name}: ${port} is taken; stop the other program, or set another port.`);
    case 'EACCES':
      return new EmulatorSettingsError(`${name}: this user may not listen on ${port}; set a port of 1024 or more.`);
    default:
      return new EmulatorSettingsError(`EMULATOR_HOST: "${host}" is no address of this machine (${code}).`);
  }
}
