import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError, internalError } from '../errors.ts';
import { noteFailure } from '../observability/note-failure.ts';

/** What Fastify itself refuses, in this gateway's words: its own would quote the body. */
const MESSAGES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty; expected a JSON object with "query".',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body must be sent as application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than 256 KiB.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body is not as long as Content-Length says.',
};

/** Answers any failure outside of GraphQL in GraphQL's shape. */
export function answerError(
  error: FastifyError | GatewayError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  return answer(toGatewayError(error, request), request, reply);
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answer(
    new GatewayError('BAD_REQUEST', 'There is nothing here; GraphQL is at /graphql.', { status: 404 }),
    request,
    reply,
  );
}

export function answerMethodNotAllowed(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header('allow', 'GET, POST');
  return answer(new GatewayError('BAD_REQUEST', 'GraphQL takes GET and POST only.', { status: 405 }), request, reply);
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

function answer(error: GatewayError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.gateway !== undefined) noteFailure(request.gateway.record, error.code, error);
  for (const [name, value] of error.httpHeaders) reply.header(name, value);
  const negotiated = request.headers.accept?.includes('application/graphql-response+json')
    ? 'application/graphql-response+json'
    : 'application/json';
  return reply
    .code(error.httpStatus ?? 500)
    .type(`${negotiated}; charset=utf-8`)
    .send(JSON.stringify({ errors: [{ message: error.message, extensions: error.publicExtensions }] }));
}

function toGatewayError(error: FastifyError | GatewayError, request: FastifyRequest): GatewayError {
  if (error instanceof GatewayError) return error;
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) {
    return new GatewayError('BAD_REQUEST', MESSAGES[error.code] ?? 'The request is malformed.', { status });
  }
  request.log.error({ err: error }, 'unforeseen failure');
  return internalError();
}
