import type { Socket } from 'node:net';
import type { FastifyError } from 'fastify';
import type { Logger } from 'pino';
import { GatewayError, internalError } from '../errors.ts';
import type { GraphQLHttpAnswer } from '../graphql/graphql-http.ts';

/** What Fastify itself refuses, in this gateway's words: its own would quote the body. */
const MESSAGES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON. (A member named "__proto__" is not allowed either.)',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty; expected a JSON object with "query".',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body must be sent as application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than 256 KiB.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
};

export const notFound = new GatewayError('BAD_REQUEST', 'There is nothing here; GraphQL is at /graphql.', {
  status: 404,
});

export const methodNotAllowed = new GatewayError('BAD_REQUEST', 'GraphQL takes GET and POST only.', { status: 405 });

/**
 * The answer for a failure outside of GraphQL, in GraphQL's shape.
 * @param accept the request's `Accept` header
 * @param more headers beside the error's own
 */
export function errorAnswer(
  error: GatewayError,
  accept: string | undefined,
  more: Readonly<Record<string, string>> = {},
): GraphQLHttpAnswer {
  const mediaType = accept?.includes('application/graphql-response+json')
    ? 'application/graphql-response+json'
    : 'application/json';
  return {
    status: error.httpStatus ?? 500,
    headers: { ...Object.fromEntries(error.httpHeaders), ...more, 'content-type': `${mediaType}; charset=utf-8` },
    body: JSON.stringify({ errors: [{ message: error.message, extensions: error.publicExtensions }] }),
  };
}

/** What a client is told of a failure outside of GraphQL; one that nobody foresaw is logged. */
export function toGatewayError(failure: unknown, reqId: string, logger: Pick<Logger, 'error'>): GatewayError {
  if (failure instanceof GatewayError) return failure;
  const { statusCode: status = 500, code } = failure as FastifyError;
  if (status >= 400 && status < 500) {
    return new GatewayError('BAD_REQUEST', MESSAGES[code] ?? 'The request is malformed.', { status });
  }
  logger.error({ reqId, err: failure }, 'unforeseen failure');
  return internalError();
}

/** Answers what Node's HTTP parser refuses, before there is a request: oversized headers, broken or slow requests. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'The headers are too large.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request took too long to arrive.']
        : ['400 Bad Request', 'This is not an HTTP request.'];
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nCache-Control: no-store`;
  socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}
