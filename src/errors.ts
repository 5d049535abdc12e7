/** Every code that the gateway itself puts into `extensions.code`; Apollo adds its own for documents and HTTP. */
export type GatewayErrorCode =
  | 'UNAUTHENTICATED'
  | 'INTERACTION_REQUIRED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'THROTTLED'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_TIMEOUT'
  | 'RATE_LIMITED'
  | 'OVERLOADED'
  | 'INTERNAL_SERVER_ERROR'
  | 'BAD_REQUEST';

/** Whether Graph changed the session: it cannot have, it did, or it may have. */
export type UpdateOutcome = 'NOT_APPLIED' | 'APPLIED' | 'UNKNOWN';

/** What a Microsoft support case asks for; of a request without an answer only the id that was sent is known. */
export interface GraphErrorDetails {
  readonly status: number | null;
  readonly code: string | null;
  readonly requestId: string | null;
  readonly clientRequestId: string | null;
  readonly date: string | null;
}

export interface GatewayErrorDetails {
  /** What happened, for the log; never shown to a client. */
  readonly cause?: unknown;
  /** For the operator's log only: what to look at, a setting by its name. */
  readonly hint?: string;
  readonly graph?: GraphErrorDetails | undefined;
  /** The property that Graph's type does not have; never shown to a client. */
  readonly unknownProperty?: string | undefined;
  readonly outcome?: UpdateOutcome;
  /** Milliseconds until it is worth asking again. */
  readonly retryAfterMs?: number | undefined;
  /** Why Entra wants the user. */
  readonly reason?: string;
  /** A claims challenge as JSON text. */
  readonly claims?: string | undefined;
  /** The `WWW-Authenticate` value that belongs to this failure. */
  readonly challenge?: string;
  /** Overrides the HTTP status that the code stands for. */
  readonly status?: number;
}

/**
 * A failure that the gateway understands. Its message is written for the client and holds no value that a client or
 * Graph sent. graphql-js copies `extensions` onto the GraphQL error that it makes of it.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: GatewayErrorCode;
  readonly details: GatewayErrorDetails;

  constructor(code: GatewayErrorCode, message: string, details: GatewayErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  /** The same failure with more said about it. */
  with(details: GatewayErrorDetails): GatewayError {
    return new GatewayError(this.code, this.message, { ...this.details, ...details });
  }

  /** Seconds for `retryAfterSeconds` and `Retry-After`: rounded up, at least 1. */
  get retryAfterSeconds(): number | undefined {
    const { retryAfterMs } = this.details;
    return retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1000));
  }

  /** The HTTP status of an answer that holds this error; undefined where GraphQL's own 200 stands. */
  get httpStatus(): number | undefined {
    return this.details.status ?? httpStatusOf(this.code);
  }

  /** The headers that an HTTP answer with this error carries. A Map, because Apollo ignores anything else. */
  get httpHeaders(): Map<string, string> {
    const headers = new Map<string, string>();
    if (this.details.challenge !== undefined) headers.set('www-authenticate', this.details.challenge);
    if (this.retryAfterSeconds !== undefined && (this.httpStatus === 429 || this.httpStatus === 503)) {
      headers.set('retry-after', String(this.retryAfterSeconds));
    }
    return headers;
  }

  /** What a client reads under `extensions`. */
  get publicExtensions(): Record<string, unknown> {
    const { graph, outcome, reason, claims } = this.details;
    const seconds = this.retryAfterSeconds;
    return {
      code: this.code,
      ...(reason !== undefined && { reason }),
      ...(claims !== undefined && { claims }),
      ...(seconds !== undefined && { retryAfterSeconds: seconds }),
      ...(graph !== undefined && { graph }),
      ...(outcome !== undefined && { outcome }),
    };
  }

  /** `publicExtensions`, and for Apollo the HTTP status and headers, which it takes out again. */
  get extensions(): Record<string, unknown> {
    const status = this.httpStatus;
    return { ...this.publicExtensions, ...(status !== undefined && { http: { status, headers: this.httpHeaders } }) };
  }
}

/** Apart from these, a failure while an operation executes is GraphQL's business and the HTTP status stays 200. */
function httpStatusOf(code: GatewayErrorCode): number | undefined {
  switch (code) {
    case 'UNAUTHENTICATED':
    case 'INTERACTION_REQUIRED':
      return 401;
    case 'RATE_LIMITED':
      return 429;
    case 'OVERLOADED':
      return 503;
    case 'BAD_REQUEST':
      return 400;
    case 'FORBIDDEN':
    case 'NOT_FOUND':
    case 'BAD_USER_INPUT':
    case 'CONFLICT':
    case 'THROTTLED':
    case 'UPSTREAM_UNAVAILABLE':
    case 'UPSTREAM_TIMEOUT':
    case 'INTERNAL_SERVER_ERROR':
      return undefined;
    default:
      return code satisfies never;
  }
}

/** The fixed text for what must not be explained to a client; the log holds the explanation. */
export function internalError(details: GatewayErrorDetails = {}): GatewayError {
  return new GatewayError('INTERNAL_SERVER_ERROR', 'The gateway failed. The operator has been told.', details);
}
