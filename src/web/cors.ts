import type { IncomingHttpHeaders } from 'node:http';

/** What browsers need to be told before a page of another origin may read answers (Fetch standard, section 3.3). */
export interface Cors {
  /** For an answer to a request with this `Origin`, as names and values in turn. */
  headersFor(origin: string | undefined): readonly string[];
  /** For the answer to a preflight; undefined where no other origin is ever allowed. */
  preflightHeaders(headers: IncomingHttpHeaders): readonly string[] | undefined;
}

const MAX_AGE_SECONDS = '600';
/** What a page may read beside the headers that the Fetch standard always shows. */
const EXPOSED = 'WWW-Authenticate, Retry-After, x-request-id';
const NONE: readonly string[] = [];
/** Answers differ by origin, so a cache must not give one origin's to another, nor one's without an origin. */
const VARY: readonly string[] = ['vary', 'Origin'];

/**
 * Cookies play no part here, so credentials are never allowed.
 * @param origins exact origins as a browser writes them, or patterns for a whole origin
 */
export function createCors(origins: readonly (string | RegExp)[]): Cors {
  const patterns = origins.filter((origin) => origin instanceof RegExp);
  const exact = new Map(
    origins.flatMap((origin) => (typeof origin === 'string' ? [[origin, allowing(origin)] as const] : [])),
  );

  function allowed(origin: string): readonly string[] | undefined {
    return exact.get(origin) ?? (patterns.some((pattern) => pattern.test(origin)) ? allowing(origin) : undefined);
  }

  return {
    headersFor(origin) {
      if (origins.length === 0) return NONE;
      return origin === undefined ? VARY : (allowed(origin) ?? VARY);
    },
    preflightHeaders({ origin, 'access-control-request-headers': asked }) {
      if (origins.length === 0) return undefined;
      const headers = origin === undefined ? undefined : allowed(origin);
      const vary = ['vary', 'Origin, Access-Control-Request-Headers'];
      if (headers === undefined) return vary;
      return [
        ...headers.slice(VARY.length),
        ...vary,
        'access-control-allow-methods',
        'GET, POST',
        ...(asked === undefined ? [] : ['access-control-allow-headers', asked]),
        'access-control-max-age',
        MAX_AGE_SECONDS,
      ];
    },
  };
}

function allowing(origin: string): readonly string[] {
  return [...VARY, 'access-control-allow-origin', origin, 'access-control-expose-headers', EXPOSED];
}
