/** Something a server is told to do wrong, or late, for the next requests that match. Kept in a list, used up in order. */
export interface Fault {
  /** Which requests. Without it any request of the server, but no entry inside a batch. */
  match?: {
    method?: string;
    /** Text: how the path begins. RegExp: tried on the path, with and without its query. */
    path?: string | RegExp;
    /** The user in whose name the request comes, as its token says. */
    oid?: string;
    /** Graph: true for the entries inside a batch, and only them. */
    inBatch?: boolean;
  };
  /** How many requests it meets before it is used up. Default 1. */
  times?: number;
  status?: number;
  headers?: Record<string, string>;
  /** An object goes out as JSON, text as it is (as text/html unless `headers` names a type). */
  body?: unknown;
  /** Wait this long before answering. With neither status, drop nor hang the normal answer follows. */
  delayMs?: number;
  /** Carry the request out first, then misbehave: an update that was applied although its answer is a 504. */
  apply?: boolean;
  /** Destroy the connection instead of answering. */
  drop?: 'before-headers' | 'mid-body';
  /** Accept the request and never answer. */
  hang?: true;
}

type Match = NonNullable<Fault['match']>;

/** A fault for these requests only: `forRequests({ method: 'PATCH' }, throttled(2))`. */
export const forRequests = (match: Match, fault: Fault): Fault => ({ ...fault, match: { ...fault.match, ...match } });

/** The same fault again and again: `repeated(3, unavailable())`, or `Infinity`. */
export const repeated = (times: number, fault: Fault): Fault => ({ ...fault, times });

/** 429 as Graph answers it. Without seconds it names no time to wait, as Intune is reported to do. */
export const throttled = (seconds?: number): Fault => ({
  status: 429,
  ...(seconds === undefined ? {} : { headers: { 'Retry-After': String(seconds) } }),
  body: {
    error: {
      code: 'TooManyRequests',
      message: 'Too many requests.',
      innerError: { code: '429', status: '429', message: 'Please retry after' },
    },
  },
});

/** A server that is down behind its front door: an HTML page, as proxies answer it. */
export const unavailable = (status = 503, retryAfterSeconds?: number): Fault => ({
  status,
  ...(retryAfterSeconds === undefined ? {} : { headers: { 'Retry-After': String(retryAfterSeconds) } }),
  body: `<!DOCTYPE html><html><head><title>${status}</title></head><body><h2>Our services aren't available right now</h2></body></html>`,
});

/** An error in Graph's shape. */
export const graphError = (status: number, code: string, message = 'A scripted error.'): Fault => ({
  status,
  body: { error: { code, message, innerError: {} } },
});

/** A refusal in the shape of Entra's token endpoint, for example `(65001, { suberror: 'consent_required' })`. */
export const entraError = (
  code: number,
  options: { status?: number; error?: string; suberror?: string; claims?: string; description?: string } = {},
): Fault => ({
  status: options.status ?? 400,
  body: {
    error: options.error ?? 'invalid_grant',
    error_description: `AADSTS${code}: ${options.description ?? 'A scripted error.'}`,
    error_codes: [code],
    ...(options.suberror === undefined ? {} : { suberror: options.suberror }),
    ...(options.claims === undefined ? {} : { claims: options.claims }),
  },
});

/** Accept and never answer. */
export const hang = (): Fault => ({ hang: true });

/** Answer as usual, but later. */
export const delayed = (delayMs: number): Fault => ({ delayMs });

/** Break the connection instead of answering. */
export const dropConnection = (drop: 'before-headers' | 'mid-body' = 'before-headers'): Fault => ({ drop });

/** Carry the request out, then misbehave all the same: `applied(dropConnection())`. */
export const applied = (fault: Fault): Fault => ({ ...fault, apply: true });
