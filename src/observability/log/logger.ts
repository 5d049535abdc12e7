import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

export interface LoggerOptions {
  readonly level: string;
  /** Names of fields that are secrets, from the schema. */
  readonly sensitiveFields: readonly string[];
  /** Takes out of a whole line what must not appear anywhere. */
  readonly scrub: (line: string) => string;
  readonly destination: DestinationStream;
}

const CENSORED = '[redacted]';
const CREDENTIAL_FIELDS = ['authorization', 'assertion', 'client_secret', 'client_assertion'];

/**
 * The logger of all lines but the hot ones. Nothing in the gateway logs a header, a body or a variable; the redaction is
 * for the day on which something does, and for errors of libraries, which may hold what they were given.
 */
export function createLogger({ level, sensitiveFields, scrub, destination }: LoggerOptions): Logger {
  const censored = createCensor([...sensitiveFields, ...CREDENTIAL_FIELDS]);
  return pino(
    {
      level,
      base: null,
      // Not pino's `redact`: with wildcards it costs more than the whole rest of a line, and ends at a fixed depth.
      formatters: { log: censored },
      serializers: { err: (error: unknown) => (error instanceof Error ? describe(error) : undefined) },
      // Last of all, whatever field or message it stands in.
      hooks: { streamWrite: scrub },
    },
    destination,
  );
}

/** Lists and objects that one line may hold; more is a thing of some library that was never meant to be logged. */
const MAX_OBJECTS = 200;

/** Replaces the values of secret fields at any depth; what holds none is passed on as it is, without a copy. */
function createCensor(names: readonly string[]): (fields: Record<string, unknown>) => Record<string, unknown> {
  const secret = new Set(names);
  return (fields) => {
    let left = MAX_OBJECTS;
    const clean = (value: unknown): unknown => {
      // An error has its own serializer; a list of texts has no names.
      if (typeof value !== 'object' || value === null || value instanceof Error) return value;
      left -= 1;
      if (left < 0) return CENSORED;
      let copy: Record<string, unknown> | undefined;
      for (const name of Object.keys(value)) {
        const inner = (value as Record<string, unknown>)[name];
        const kept = secret.has(name) ? CENSORED : clean(inner);
        if (kept !== inner) {
          copy ??= Array.isArray(value) ? ([...value] as unknown as Record<string, unknown>) : { ...value };
          copy[name] = kept;
        }
      }
      return copy ?? value;
    };
    return clean(fields) as Record<string, unknown>;
  };
}

/** An error may be its own cause. */
const MAX_CAUSES = 8;

/** Type, code, message and stack of an error and its causes; no other property, because libraries put requests there. */
function describe(error: Error, depth = 1): Record<string, unknown> {
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as NodeJS.ErrnoException;
  return {
    type,
    message,
    ...(typeof code === 'string' && { code }),
    ...(stack !== undefined && { stack }),
    ...(error.cause instanceof Error && depth < MAX_CAUSES && { cause: describe(error.cause, depth + 1) }),
  };
}
