import type { GatewayError } from '../../errors.ts';
import { gatewayErrorOf } from '../format-error.ts';

/** What the errors of an operation ask of its HTTP answer. */
export interface HttpOfErrors {
  /** Undefined where GraphQL's own 200 stands. */
  readonly status: number | undefined;
  readonly headers: ReadonlyMap<string, string>;
}

/** What a client must do first comes first: sign in, then wait, then mend its request. */
const ORDER = [401, 403, 429, 503, 400];
/** Of an answer without errors. */
export const NO_HEADERS: HttpOfErrors['headers'] = new Map();

/**
 * The status of one of them, with the headers that belong to it: never the wait of one with the challenge of another.
 * Of several with this status it is the one that names the longest wait.
 */
export function httpOfErrors(errors: readonly unknown[]): HttpOfErrors {
  let first: GatewayError | undefined;
  for (const error of errors) {
    const known = gatewayErrorOf(error);
    if (known?.httpStatus !== undefined && (first === undefined || isBefore(known, first))) first = known;
  }
  return first === undefined
    ? { status: undefined, headers: NO_HEADERS }
    : { status: first.httpStatus, headers: first.httpHeaders };
}

function isBefore(one: GatewayError, other: GatewayError): boolean {
  const places = placeOf(one) - placeOf(other);
  return places === 0 ? (one.retryAfterSeconds ?? 0) > (other.retryAfterSeconds ?? 0) : places < 0;
}

function placeOf({ httpStatus }: GatewayError): number {
  const place = ORDER.indexOf(httpStatus ?? 0);
  return place < 0 ? ORDER.length : place;
}
