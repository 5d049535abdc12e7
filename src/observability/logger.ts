import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

export interface LoggerOptions {
  readonly level: string;
  /** Names of fields that are secrets, from the schema. */
  readonly sensitiveFields: readonly string[];
  /** Values that must not appear anywhere, such as the client secret. */
  readonly secrets: readonly string[];
  /** Where lines go; standard output without it. */
  readonly destination?: DestinationStream;
}

const CENSORED = '[redacted]';
/** A JSON Web Token, or what follows "Bearer": never wanted in a log, wherever it comes from. */
const TOKENS = /\beyJ[\w-]{8,}\.[\w-]*(\.[\w-]*)*|\bBearer\s+[\w.~+/=-]+/g;

/**
 * The one logger. Nothing in the gateway logs a header, a body or a variable; the redaction is for the day on which
 * something does, and for errors of libraries, which may hold what they were given.
 */
export function createLogger(options: LoggerOptions): Logger {
  const names = [...options.sensitiveFields, 'authorization', 'assertion', 'client_secret', 'client_assertion'];
  const scrub = (text: string) => {
    let clean = text.replace(TOKENS, CENSORED);
    for (const secret of options.secrets) clean = clean.replaceAll(secret, CENSORED);
    return clean;
  };
  return pino(
    {
      level: options.level,
      base: null,
      redact: { paths: names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: CENSORED },
      serializers: { err: (error: unknown) => (error instanceof Error ? describe(error, scrub) : undefined) },
    },
    ...(options.destination === undefined ? [] : [options.destination]),
  );
}

/** Type, code, message and stack of an error and its causes; no other property, because libraries put requests there. */
function describe(error: Error, scrub: (text: string) => string): Record<string, unknown> {
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as NodeJS.ErrnoException;
  return {
    type,
    message: scrub(message),
    ...(typeof code === 'string' && { code }),
    ...(stack !== undefined && { stack: scrub(stack) }),
    ...(error.cause instanceof Error && { cause: describe(error.cause, scrub) }),
  };
}
