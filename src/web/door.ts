import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { CallerVerifier } from '../entra/callers/verify-caller.ts';
import type { GraphQLHandler } from '../graphql/graphql-http.ts';
import type { HeldBytes } from '../http/held-bytes.ts';
import type { RequestLines } from '../observability/log/create-log.ts';
import { noteFailure } from '../observability/note-failure.ts';
import type { Telemetry } from '../observability/telemetry/telemetry.ts';
import type { CallerLimit } from '../replicas/caller-limit.ts';
import { createAdmission } from './admission.ts';
import { createAnswers } from './answers.ts';
import { limitConnections, maxConnections } from './connections.ts';
import { createCors } from './cors.ts';
import { createEntrance } from './entrance.ts';
import { answerClientError, errorAnswer, notFound, toGatewayError } from './error-answers.ts';
import { watchEventLoopDelay } from './event-loop-delay.ts';
import { registerGraphQL } from './graphql-route.ts';
import { type Lifecycle, registerHealth } from './health.ts';
import { BODY_LIMIT, SLOW_CLIENTS, type SlowClientLimits } from './http-limits.ts';
import { createHttpServer } from './http-server.ts';
import { readJsonBodies } from './json-body.ts';
import { registerSchema } from './schema-route.ts';
import { createUnreadAnswers } from './unread-answers.ts';

export interface DoorOptions {
  readonly config: Config;
  /** Connections that calls to Graph may need at the same time. */
  readonly maxOutward: number;
  readonly handle: GraphQLHandler;
  readonly verifyCaller: CallerVerifier;
  /** Requests that each caller may send. */
  readonly limit: CallerLimit;
  /** `schema.graphql` as it is written. */
  readonly schemaText: string;
  /** Registers more pages, with the headers of every answer. */
  readonly pages?: ((pages: FastifyInstance) => void) | undefined;
  readonly held: HeldBytes;
  readonly lifecycle: Lifecycle;
  /** Whether what is needed of Entra was fetched. */
  readonly readiness: { readonly ready: boolean };
  readonly logger: Logger;
  readonly lines: Pick<RequestLines, 'operation'>;
  readonly telemetry: Telemetry | undefined;
  readonly slowClients?: SlowClientLimits | undefined;
  /** Closes what operations need, when none runs any more. */
  readonly release: () => Promise<void>;
}

/** GraphQL requests inside for each one that may be with Graph: more only wait longer, and cost memory. */
const INSIDE_PER_PLACE = 5;
/** And so many for however few places: not all of them call Graph. */
const MIN_INSIDE = 256;

/**
 * The one door: a Fastify instance that does not listen yet. `/graphql` uses little of it (one hook, the body, one raw
 * answer); all else is a plugin in which Fastify writes the answers. Closing it waits for operations that still run.
 */
export function createDoor(options: DoorOptions): FastifyInstance {
  const { config, lifecycle, logger, verifyCaller, slowClients = SLOW_CLIENTS } = options;
  const { production, requestTimeoutMs } = config;
  const maxInside = Math.max(MIN_INSIDE, config.graph.maxConcurrency * INSIDE_PER_PLACE);
  const app: FastifyInstance = Fastify({
    // This room logs with its own logger: Fastify would make one for each request.
    logger: false,
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    // Without these, Fastify loads Ajv at every start.
    schemaController: { compilersFactory: { buildValidator: noJsonSchemas, buildSerializer: noJsonSchemas } },
    genReqId: requestId,
    serverFactory: (listener) => createHttpServer(listener, { slowClients, logger }),
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
    // For addresses that cannot be decoded; no hook runs for them.
    frameworkErrors: (error, request, reply) => answerError(error, request, reply as FastifyReply),
  });

  const cors = createCors(config.corsOrigins);
  const unread = createUnreadAnswers({ graceMs: slowClients.answerMs });
  const connections = limitConnections(app.server, maxConnections(maxInside, options.maxOutward));
  const isClosing = () => lifecycle.draining || connections.isCrowded();
  const answers = createAnswers({ cors, unread, isClosing });
  const eventLoop = watchEventLoopDelay();
  const admission = createAdmission({ maxInside, eventLoop });
  const entrance = createEntrance({
    ...options,
    requestTimeoutMs,
    admission,
    connections,
    tokenNeeded: production,
  });

  function answerError(failure: Error, request: FastifyRequest, reply: FastifyReply): void {
    const error = toGatewayError(failure, request.id, logger);
    if (request.gateway !== undefined) noteFailure(request.gateway.record, error.code, error);
    // Fastify closes the connection of a client that may still be sending a body.
    const more = reply.getHeader('connection') === 'close' ? { connection: 'close' } : {};
    answers.send(request, reply, errorAnswer(error, request.headers.accept, more));
  }

  const answerNotFound = (request: FastifyRequest, reply: FastifyReply) =>
    answers.send(request, reply, errorAnswer(notFound, request.headers.accept));

  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  readJsonBodies(app);
  app.addHook('onRequest', (request, reply, done) => {
    const preflight = request.method === 'OPTIONS' ? cors.preflightHeaders(request.headers) : undefined;
    if (preflight !== undefined) answers.sendPreflight(request, reply, preflight);
    // Before a body is read: what goes nowhere is not parsed.
    else if (request.is404) answerNotFound(request, reply);
    else done();
  });
  registerGraphQL(app, { entrance, answers, handle: options.handle, logger });
  app.register(async (pages) => {
    pages.addHook('onRequest', (request, reply, done) => {
      answers.prepare(request, reply);
      done();
    });
    pages.addHook('onSend', (_request, reply, _payload, done) => {
      if (isClosing()) reply.header('connection', 'close');
      done();
    });
    registerHealth(pages, lifecycle, options.readiness);
    registerSchema(pages, { schemaText: options.schemaText, verifyCaller, tokenNeeded: production });
    if (!production) pages.get('/', (_request, reply) => reply.redirect('/graphql'));
    options.pages?.(pages);
  });
  // The listener closes when all connections have, and a client may hold one for long without being busy with us.
  app.addHook('preClose', (done) => {
    void closeRest();
    done();
  });
  async function closeRest(): Promise<void> {
    do {
      await admission.settled();
      await sleep(slowClients.answerMs, undefined, { ref: false });
    } while (admission.isBusy());
    app.server.closeAllConnections();
  }
  app.addHook('onClose', async () => {
    await admission.settled();
    unread.close();
    eventLoop.close();
    await options.release();
  });
  return app;
}

/** The client's own id where it is a plain one: it stands in log lines. */
function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const id = headers['x-request-id'];
  return typeof id === 'string' && /^[\w.:-]{1,128}$/.test(id) ? id : randomUUID();
}

function noJsonSchemas(): never {
  throw new Error('no route has a JSON schema: GraphQL checks what comes and goes');
}
