const CENSORED = '[redacted]';
/** A JSON Web Token, or what follows "Bearer": never wanted in a log, wherever it comes from. */
const TOKENS = /\beyJ[\w-]{8,}\.[\w-]*(\.[\w-]*)*|\bBearer\s+[\w.~+/=-]+/g;

/**
 * Takes tokens and the given secrets out of a line, whatever field or message they stand in. Lines that hold nothing
 * that looks like one, which is nearly all, cost two searches.
 * @param secrets values that must not appear anywhere, such as the client secret
 */
export function createScrub(secrets: readonly string[]): (line: string) => string {
  // As they stand in a line, which is JSON.
  const written = secrets.filter((secret) => secret !== '').map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) => {
    let clean = line.includes('eyJ') || line.includes('Bearer') ? line.replace(TOKENS, CENSORED) : line;
    for (const secret of written) {
      if (clean.includes(secret)) clean = clean.replaceAll(secret, CENSORED);
    }
    return clean;
  };
}
