import { GatewayError } from '../../errors.ts';

/** A cause in a line is a hint for a search, not a report. */
const MAX_LENGTH = 200;
/** An error may be its own cause. */
const MAX_DEPTH = 8;
/** errno, TLS and undici codes, and those of jose: names of a closed form, never a value. */
const CODE = /^[A-Z][A-Z0-9_]{2,63}$/;
/** A host, an address with its port, or the name of a claim. */
const WHERE = /^[\w.:[\]-]{1,120}$/;

/**
 * Why a failure came about, in short texts for an operator: what to look at, Graph's status and code, and the code of
 * each error below (`ENOTFOUND graph.example`, `DEPTH_ZERO_SELF_SIGNED_CERT`). Never a message of a library: it may quote
 * what was sent.
 */
export function causesOf(failure: unknown): string[] {
  const causes: string[] = [];
  addCauses(failure, causes, 1);
  return causes;
}

/** Of an error and what is below it, the lowest with something to say: a broken exchange is "ECONNRESET". */
function addCauses(failure: unknown, causes: string[], depth: number): void {
  if (!(failure instanceof Error) || depth > MAX_DEPTH) return;
  if (failure instanceof GatewayError) {
    const { hint, graph } = failure.details;
    if (hint !== undefined) add(hint, causes);
    if (graph !== undefined && graph.status !== null) {
      add(`graph ${graph.status}${graph.code === null ? '' : ` ${graph.code}`}`, causes);
    }
  }
  const before = causes.length;
  if (failure instanceof AggregateError) for (const each of failure.errors) addCauses(each, causes, depth + 1);
  addCauses(failure.cause, causes, depth + 1);
  if (causes.length === before) add(codeOf(failure), causes);
}

function add(cause: string | undefined, causes: string[]): void {
  if (cause === undefined || causes.some((known) => known.includes(cause))) return;
  causes.push(cause.slice(0, MAX_LENGTH));
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
  if (error instanceof GatewayError) return undefined;
  const { code, hostname, address, port, claim, kind } = error as Coded;
  if (typeof code === 'string' && CODE.test(code)) {
    const where = hostname ?? (address === undefined ? claim : `${address}:${port}`);
    return typeof where === 'string' && WHERE.test(where) ? `${code} ${where}` : code;
  }
  // Of `http/`: why there was no answer.
  return typeof kind === 'string' && /^[a-z-]{1,20}$/.test(kind) ? `no answer: ${kind}` : undefined;
}
