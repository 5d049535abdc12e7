import { hash, randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createDiscovery } from './entra/discovery.ts';
import { createTokenExchange } from './entra/token-exchange.ts';
import { createCallerVerifier } from './entra/verify-caller.ts';
import { type ExplorerStart, registerExplorer } from './explorer/explorer.ts';
import { createApollo } from './graphql/apollo.ts';
import { createContextFactory } from './graphql/create-context.ts';
import { createDocumentGate } from './graphql/documents/document-gate.ts';
import { loadTrustedDocuments } from './graphql/documents/trusted-documents.ts';
import { createGraphQLHandler } from './graphql/graphql-handler.ts';
import type { SchemaSource } from './graphql/schema.ts';
import { createTransport } from './http/transport.ts';
import { createBatchRead } from './msgraph/batch.ts';
import { createGraphClient } from './msgraph/graph-client.ts';
import { createCursorCodec } from './msgraph/page-cursor.ts';
import { createSessionReader } from './msgraph/read-sessions.ts';
import { createSelectable } from './msgraph/selectable.ts';
import { createSessionPageReader } from './msgraph/session-page.ts';
import { createTurnstile } from './msgraph/turnstile.ts';
import { createSessionUpdater } from './msgraph/update-session.ts';
import { operationCode } from './observability/operation-code.ts';
import { logOperation } from './observability/operation-log.ts';
import type { Telemetry } from './observability/telemetry.ts';
import { createAdmission } from './web/admission.ts';
import { callerRateLimit } from './web/caller-rate-limit.ts';
import { answerClientError, answerError, answerMethodNotAllowed, answerNotFound } from './web/error-answers.ts';
import { createGatewayRequestHooks } from './web/gateway-request.ts';
import { type Lifecycle, registerHealth } from './web/health.ts';
import { securityHeaders } from './web/security-headers.ts';

/** How long a request may take to arrive: its headers, and all of it. Node looks now and then. */
export interface SlowClientLimits {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly checkEveryMs: number;
}

export interface ServerDependencies {
  readonly logger: Logger;
  readonly schema: SchemaSource;
  /** What the explorer opens with, on the emulator. */
  readonly explorer?: ExplorerStart | undefined;
  /** Traces and metrics; undefined unless the settings ask for them. */
  readonly telemetry?: Telemetry | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly random?: () => number;
  readonly slowClients?: SlowClientLimits;
}

export interface GatewayServer {
  readonly app: FastifyInstance;
  /** Says no to `/readyz` and closes connections after their next answer; requests are still served. */
  drain(): void;
}

/** 256 KiB: a hundred aliased reads are 6 KiB, an update with long tokens 20 KiB. */
const BODY_LIMIT = 256 * 1024;
/** Above the longest token that is refused with a proper answer. */
const MAX_HEADER_SIZE = 128 * 1024;
/** A client that sends a byte now and then keeps its connection no longer than this. */
const SLOW_CLIENTS: SlowClientLimits = { headersMs: 20_000, requestMs: 30_000, checkEveryMs: 5_000 };
/** Mean of a second: new work only makes everybody wait longer. A gateway that is merely full stays far below it. */
const MAX_EVENT_LOOP_DELAY_MS = 500;
/** Calls that may wait for each one that may be with Graph at a time: more only wait longer, and cost memory. */
const WAITING_PER_PLACE = 4;
/** undici has a connection rest for two turns of the event loop; with others to take, no place at Graph rests with it. */
const CONNECTIONS_PER_PLACE = 2;
/** One operation alone makes ten calls side by side. */
const MIN_WAITING = 64;
/** GraphQL requests at once for however small a concurrency: not all of them call Graph. */
const MIN_INSIDE = 256;

/** Wires the whole gateway: a Fastify instance that does not listen yet, and holds all that its `close` closes. */
export async function buildServer(config: Config, dependencies: ServerDependencies): Promise<GatewayServer> {
  const { logger, schema, telemetry, slowClients = SLOW_CLIENTS, ...time } = dependencies;
  const lifecycle: Lifecycle = { draining: false };
  const fixedHeaders = { ...securityHeaders(), 'cache-control': 'no-store' };
  const app: FastifyInstance = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    // Without these, Fastify loads Ajv at every start.
    schemaController: { compilersFactory: { buildValidator: noJsonSchemas, buildSerializer: noJsonSchemas } },
    genReqId: (raw) => validRequestId(raw.headers['x-request-id']) ?? randomUUID(),
    requestTimeout: slowClients.requestMs,
    keepAliveTimeout: 75_000,
    http: {
      maxHeaderSize: MAX_HEADER_SIZE,
      headersTimeout: slowClients.headersMs,
      connectionsCheckingInterval: slowClients.checkEveryMs,
      // Two Authorization headers become one that is no token; otherwise Node takes the first, a proxy perhaps the last.
      joinDuplicateHeaders: true,
    },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
    // For addresses that cannot be decoded; no hook runs for them.
    frameworkErrors: (error, request, reply) =>
      answerError(error, request, reply.headers(fixedHeaders).header('x-request-id', request.id) as FastifyReply),
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  // Apollo's rule against forged requests lets text/plain pass when there is a token, so it is not read at all.
  app.removeContentTypeParser('text/plain');

  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(fixedHeaders).header('x-request-id', request.id);
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (lifecycle.draining) reply.header('connection', 'close');
    done();
  });
  await app.register(cors, {
    origin: config.corsOrigins.length === 0 ? false : [...config.corsOrigins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['WWW-Authenticate', 'Retry-After', 'x-request-id'],
    maxAge: 600,
    strictPreflight: false,
  });
  // Before a body is read: what goes nowhere is not parsed.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) answerNotFound(request, reply);
    else done();
  });
  await app.register(underPressure, { maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS, pressureHandler: () => {} });
  await app.register(rateLimit, { global: false });
  registerHealth(app, lifecycle);
  app.get('/', (request, reply) => (config.production ? answerNotFound(request, reply) : reply.redirect('/graphql')));

  const transport = createTransport({
    requestTimeoutMs: config.requestTimeoutMs,
    maxConnectionsPerOrigin: config.graph.maxConcurrency * CONNECTIONS_PER_PLACE,
  });
  const { authorityHost, tenantId } = config.entra;
  const { requestTimeoutMs } = config;
  const discovery = createDiscovery({ authorityHost, tenantId, transport, requestTimeoutMs, ...time });
  const trusted = config.trustedDocuments === undefined ? undefined : loadTrustedDocuments(config.trustedDocuments);
  const apollo = createApollo({
    production: config.production,
    schema,
    automaticPersistedQueries: trusted === undefined,
    logger,
  });
  await apollo.start();
  if (!config.production) {
    await registerExplorer(app, { config, discovery, transport, start: dependencies.explorer, clock: time.clock });
  }

  const handler = createGraphQLHandler({
    apollo,
    createContext: createContextFactory({
      entra: config.entra,
      exchange: createTokenExchange({ config, discovery, transport, ...time }),
      ...createGraphAccess(config, transport, { telemetry, ...time }),
    }),
    documents: createDocumentGate(trusted),
    trusted,
  });
  app.decorateRequest('gateway');
  const { begin, authenticate } = createGatewayRequestHooks({
    requestTimeoutMs,
    verifyCaller: createCallerVerifier({ entra: config.entra, discovery, ...time }),
    tokenNeeded: config.production,
    telemetry,
    onEnd: endOperation,
  });
  const admission = createAdmission({
    maxInside: Math.max(MIN_INSIDE, config.graph.maxConcurrency * (1 + WAITING_PER_PLACE)),
    isUnderPressure: () => app.isUnderPressure(),
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    onRequest: [begin, admission.admit, authenticate],
    config: config.rateLimitPerMinute === 0 ? {} : { rateLimit: callerRateLimit(config.rateLimitPerMinute) },
    handler: admission.track(async (request, reply) => {
      const { method, url, headers, body } = request;
      const answer = await handler({ method, url, headers, body }, request.gateway);
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    }),
  });
  app.route({
    method: ['DELETE', 'HEAD', 'PATCH', 'PUT'],
    url: '/graphql',
    onRequest: async (request, reply) => answerMethodNotAllowed(request, reply),
    handler: answerMethodNotAllowed,
  });

  app.addHook('onClose', async () => {
    await admission.settled();
    await apollo.stop();
    await transport.close();
  });
  return {
    app,
    drain() {
      lifecycle.draining = true;
    },
  };
}

/** All that talks to Graph, joined. */
function createGraphAccess(
  config: Config,
  transport: ReturnType<typeof createTransport>,
  { telemetry, ...time }: Pick<ServerDependencies, 'telemetry' | 'clock' | 'random'>,
) {
  const { baseUrl, sessionsPath, maxConcurrency } = config.graph;
  const turnstile = createTurnstile({
    maxConcurrency,
    maxWaiting: Math.max(MIN_WAITING, maxConcurrency * WAITING_PER_PLACE),
  });
  telemetry?.watchWaiting(() => turnstile.waiting);
  const client = createGraphClient({ baseUrl, transport, turnstile, ...time });
  const batchRead = createBatchRead({ client, turnstile, ...time });
  const selectable = createSelectable(time.clock);
  const reader = createSessionReader({ client, batchRead, selectable, sessionsPath, ...time });
  const cursors = createCursorCodec(cursorKey(config));
  return {
    reader,
    readPage: createSessionPageReader({ client, cursors, selectable, baseUrl, sessionsPath }),
    update: createSessionUpdater({ client, reader, sessionsPath }),
  };
}

/** The same in every process of a deployment, and with a client secret known to nobody else. */
function cursorKey({ entra: { tenantId, clientId, credential }, graph }: Config): string {
  const secret = credential.kind === 'secret' ? credential.secret : '';
  return hash('sha256', JSON.stringify(['cursor', tenantId, clientId, graph.baseUrl, secret]));
}

function validRequestId(id: string | string[] | undefined): string | undefined {
  return typeof id === 'string' && /^[\w.:-]{1,128}$/.test(id) ? id : undefined;
}

function noJsonSchemas(): never {
  throw new Error('no route has a JSON schema: GraphQL checks what comes and goes');
}

/** What an operation came to, for the log, and for traces and metrics where they are on. */
function endOperation(request: FastifyRequest, reply: FastifyReply): void {
  const { caller, record, log, budget, traceHeaders } = request.gateway;
  const status = reply.statusCode;
  const code = operationCode(record, status, budget.ended === 'cancelled');
  const end = { record, status, code, durationMs: reply.elapsedTime };
  logOperation({ ...end, log, caller: caller?.logHash, traceparent: traceHeaders.traceparent });
  record.telemetry?.end(end);
}
