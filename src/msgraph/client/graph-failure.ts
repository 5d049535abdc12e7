import { GatewayError, type GraphErrorDetails, internalError } from '../../errors.ts';
import type { HttpHeaders } from '../../http/http-headers.ts';
import { asRecord, parseRecord } from './json-object.ts';

/** An answer of Graph, single or an entry of a batch, that was not a success. Header names are in lower case. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Undefined when the answer has no content. */
  readonly body: unknown;
  /** What the gateway sent; null for an entry of a batch. */
  readonly clientRequestId: string | null;
  /** The wait that Graph asked for. */
  readonly retryAfterMs: number | undefined;
  /** True where what was asked is always there. */
  readonly alwaysThere?: boolean | undefined;
}

/** Graph's way of saying that the URL's path is not one of its own (an OData parse error, not the caller's input). */
const UNKNOWN_SEGMENT = /^Resource not found for the segment/i;

/**
 * Graph's refusal of a `$select`. No code of its own tells it from any other 400, so the text is all there is. It counts
 * only at the beginning: a message that quotes an id further on must not pass for one.
 */
const UNKNOWN_PROPERTY =
  /^(?:Parsing OData Select and Expand failed: )?Could not find a property named '(\w{1,64})' on type '/i;

/**
 * What a status of Graph means for the client (docs-contrib, concepts/errors). Graph's own text is not passed on: it
 * may quote what was sent.
 */
export function graphFailure(answer: FailedAnswer): GatewayError {
  const graph = graphErrorDetails(answer);
  const { status, retryAfterMs } = answer;
  const unknownProperty = status === 400 ? UNKNOWN_PROPERTY.exec(messageOf(answer.body))?.[1] : undefined;
  const fail = (code: ConstructorParameters<typeof GatewayError>[0], message: string) =>
    new GatewayError(code, message, { graph, retryAfterMs, unknownProperty });
  if (isSenseless(answer)) return fail('UPSTREAM_UNAVAILABLE', 'Microsoft Graph gave an answer that makes no sense.');
  if (isUnknownPath(answer)) return unknownPath(graph);
  switch (status) {
    case 400:
    case 422:
      return fail('BAD_USER_INPUT', 'Microsoft Graph rejected the input.');
    case 402:
    case 403:
      return fail('FORBIDDEN', 'Microsoft Graph does not allow this user to do this.');
    case 404:
    case 410:
      return fail('NOT_FOUND', 'Microsoft Graph does not know this session.');
    case 409:
    case 412:
    case 423:
      return fail('CONFLICT', 'The session was changed by somebody else at the same time, or exists already.');
    case 429:
      return fail('THROTTLED', 'Microsoft Graph is throttling requests.');
    case 405:
    case 406:
    case 411:
    case 413:
    case 414:
    case 415:
    case 416:
      return internalError({ graph, hint: `Graph refused the gateway's own request with status ${status}` });
    default:
      return fail('UPSTREAM_UNAVAILABLE', 'Microsoft Graph is not available.');
  }
}

/** Content of Graph's is a JSON object. Anything else is not Graph's, and its status says only that it is down or throttles. */
function isSenseless({ status, body }: FailedAnswer): boolean {
  return body !== undefined && asRecord(body) === undefined && status < 500 && status !== 429;
}

/** GRAPH_SESSIONS_PATH or GRAPH_BASE_URL does not fit this Graph: an operator's matter. */
function unknownPath(graph: GraphErrorDetails): GatewayError {
  return internalError({ graph, hint: 'Graph does not know the path; look at GRAPH_SESSIONS_PATH and GRAPH_BASE_URL' });
}

function isUnknownPath({ status, body, alwaysThere = false }: FailedAnswer): boolean {
  if (alwaysThere && (status === 404 || status === 410)) return true;
  return (status === 400 || status === 404) && UNKNOWN_SEGMENT.test(messageOf(body));
}

/** The text of an error. Intune puts a JSON document into it, as text, with the message inside (facts, section 2.1). */
function messageOf(body: unknown): string {
  const message = asRecord(asRecord(body)?.error)?.message;
  if (typeof message !== 'string') return '';
  const inner = message.startsWith('{') ? parseRecord(message)?.Message : undefined;
  return typeof inner === 'string' ? inner : message;
}

/** Graph spells innerError in two ways and nests it; a support case wants its ids (facts, section 2.1). */
export function graphErrorDetails(answer: Omit<FailedAnswer, 'retryAfterMs'>): GraphErrorDetails {
  const error = asRecord(asRecord(answer.body)?.error) ?? {};
  const inner = asRecord(error.innerError ?? error.innererror) ?? {};
  return {
    status: answer.status,
    code: plain(error.code) ?? plain(inner.code),
    requestId: plain(answer.headers['request-id']) ?? plain(inner['request-id']),
    clientRequestId:
      plain(answer.headers['client-request-id']) ?? answer.clientRequestId ?? plain(inner['client-request-id']),
    date: plain(answer.headers.date) ?? plain(inner.date),
  };
}

/** Ids, codes and dates only: anything else could carry what was sent. */
export function plain(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.:+, -]{1,100}$/.test(value) ? value : null;
}
