import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { GraphQLHandler, GraphQLHttpAnswer } from '../graphql/graphql-http.ts';
import { noteFailure } from '../observability/note-failure.ts';
import type { Answers } from './answers.ts';
import type { Entrance } from './entrance.ts';
import { errorAnswer, methodNotAllowed, toGatewayError } from './error-answers.ts';

export interface GraphQLRouteOptions {
  readonly entrance: Entrance;
  readonly answers: Answers;
  readonly handle: GraphQLHandler;
  readonly logger: Pick<Logger, 'error'>;
}

/** `/graphql`: one hook, the body, one handler, one write. Of Fastify it uses the router and the reading of the body. */
export function registerGraphQL(
  app: FastifyInstance,
  { entrance, answers, handle, logger }: GraphQLRouteOptions,
): void {
  app.decorateRequest('gateway');

  function execute(request: FastifyRequest, reply: FastifyReply): void {
    const { gateway } = request;
    if (gateway === undefined || gateway.closed) return;
    // From here on Fastify does nothing more, so that an answer need not be its promise.
    reply.hijack();
    entrance.begin(gateway);
    const answer = (result: GraphQLHttpAnswer) => {
      answers.send(request, reply, result);
      entrance.end(gateway);
    };
    const fail = (failure: unknown) => {
      const error = toGatewayError(failure, request.id, logger);
      noteFailure(gateway.record, error.code, error);
      answer(errorAnswer(error, request.headers.accept));
    };
    try {
      const { method, url, headers, body } = request;
      const result = handle({ method, url, headers, body }, gateway);
      if (result instanceof Promise) result.then(answer).catch(fail);
      else answer(result);
    } catch (failure) {
      fail(failure);
    }
  }

  app.route({ method: ['GET', 'POST'], url: '/graphql', onRequest: entrance.enter, handler: execute });
  const refuse = (request: FastifyRequest, reply: FastifyReply) =>
    answers.send(request, reply, errorAnswer(methodNotAllowed, request.headers.accept, { allow: 'GET, POST' }));
  app.route({
    method: ['DELETE', 'HEAD', 'PATCH', 'PUT'],
    url: '/graphql',
    // Before a body is read.
    onRequest: refuse,
    handler: refuse,
  });
}
