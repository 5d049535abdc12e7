import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerTooLarge, type GraphQLHttpAnswer, MAX_ANSWER_BYTES } from '../graphql/graphql-http.ts';
import { noteFailure } from '../observability/note-failure.ts';
import type { Cors } from './cors.ts';
import { errorAnswer } from './error-answers.ts';
import { securityHeaders } from './security-headers.ts';
import type { UnreadAnswers } from './unread-answers.ts';

/** Writes whole answers, past what Fastify does for each: headers that never change are worked out once. */
export interface Answers {
  /** Answers a request. Every answer has the security headers, those of CORS, `no-store` and `x-request-id`. */
  send(request: FastifyRequest, reply: FastifyReply, answer: GraphQLHttpAnswer): void;
  sendPreflight(request: FastifyRequest, reply: FastifyReply, headers: readonly string[]): void;
  /** Gives a reply that Fastify will write the same headers. */
  prepare(request: FastifyRequest, reply: FastifyReply): void;
}

export interface AnswersOptions {
  readonly cors: Cors;
  readonly unread: UnreadAnswers;
  /** Whether connections are to be closed after their next answer. */
  readonly isClosing: () => boolean;
}

/** Of a UTF-16 unit in UTF-8. */
const MAX_BYTES_OF_CHARACTER = 3;

export function createAnswers({ cors, unread, isClosing }: AnswersOptions): Answers {
  const fixed = Object.entries({ ...securityHeaders(), 'cache-control': 'no-store' }).flat();

  function write(request: FastifyRequest, reply: FastifyReply, { status, headers, body }: GraphQLHttpAnswer): void {
    const { raw } = reply;
    const bytes = Buffer.byteLength(body);
    const lines = [
      ...fixed,
      ...cors.headersFor(request.headers.origin),
      'x-request-id',
      request.id,
      'content-length',
      String(bytes),
    ];
    for (const name in headers) lines.push(name, headers[name] as string);
    if (isClosing() && headers.connection === undefined) lines.push('connection', 'close');
    raw.writeHead(status, lines);
    raw.end(body);
    if (raw.writableLength > 0) unread.watch(raw, request.raw.socket, bytes);
  }

  return {
    send(request, reply, answer) {
      reply.hijack();
      const small = answer.body.length * MAX_BYTES_OF_CHARACTER <= MAX_ANSWER_BYTES;
      if (small || Buffer.byteLength(answer.body) <= MAX_ANSWER_BYTES) return write(request, reply, answer);
      write(request, reply, tooLarge(request));
    },
    sendPreflight(request, reply, headers) {
      reply.hijack();
      reply.raw.writeHead(204, [...fixed, ...headers, 'x-request-id', request.id]).end();
    },
    prepare(request, reply) {
      const lines = [...fixed, ...cors.headersFor(request.headers.origin), 'x-request-id', request.id];
      for (let at = 0; at < lines.length; at += 2) reply.header(lines[at] as string, lines[at + 1]);
    },
  };
}

/** For what is larger only as bytes than the execution of its operation counted. */
function tooLarge({ gateway, headers }: FastifyRequest): GraphQLHttpAnswer {
  const error = answerTooLarge('bytes', gateway?.record.operationType);
  if (gateway !== undefined) noteFailure(gateway.record, error.code, error);
  return errorAnswer(error, headers.accept);
}
