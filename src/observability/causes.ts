import { GatewayError } from '../errors.ts';

/** A cause in a line is a hint for a search, not a report. */
const MAX_LENGTH = 200;
/** An error may be its own cause. */
const MAX_DEPTH = 8;
/** errno, TLS and undici codes, and those of jose: names of a closed form, never a value. */
const CODE = /^[A-Z][A-Z0-9_]{2,63}$/;

/**
 * Why a failure came about, in short texts for an operator: what to look at, Graph's status and code, and the code of
 * each error below (`ENOTFOUND graph.example`, `DEPTH_ZERO_SELF_SIGNED_CERT`). Never a message of a library: it may quote
 * what was sent.
 */
export function causesOf(failure: unknown): string[] {
  const causes = new Set<string>();
  if (failure instanceof GatewayError) {
    const { hint, graph } = failure.details;
    if (hint !== undefined) causes.add(hint.slice(0, MAX_LENGTH));
    if (graph !== undefined) causes.add(`graph ${graph.status}${graph.code === null ? '' : ` ${graph.code}`}`);
    addCodes(failure.details.cause, causes, 1);
  } else addCodes(failure, causes, 1);
  return [...causes];
}

function addCodes(error: unknown, causes: Set<string>, depth: number): void {
  if (!(error instanceof Error) || depth > MAX_DEPTH) return;
  const before = causes.size;
  if (error instanceof AggregateError) for (const each of error.errors) addCodes(each, causes, depth + 1);
  addCodes(error.cause, causes, depth + 1);
  // What is below says more: a broken exchange is "ECONNRESET".
  if (causes.size > before) return;
  const text = codeOf(error);
  if (text !== undefined) causes.add(text.slice(0, MAX_LENGTH));
}

interface Coded {
  readonly code?: unknown;
  readonly hostname?: unknown;
  readonly address?: unknown;
  readonly port?: unknown;
  readonly claim?: unknown;
  readonly kind?: unknown;
}

function codeOf(error: Error): string | undefined {
  const { code, hostname, address, port, claim, kind } = error as Coded;
  if (error instanceof GatewayError) return causesOf(error)[0];
  if (typeof code === 'string' && CODE.test(code)) {
    const where = hostname ?? (address === undefined ? undefined : `${address}:${port}`) ?? claim;
    return typeof where === 'string' ? `${code} ${where}` : code;
  }
  // Of `http/`: why there was no answer.
  return typeof kind === 'string' && /^[a-z-]{1,20}$/.test(kind) ? `no answer: ${kind}` : undefined;
}
