import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { deliver } from './deliver.ts';
import type { Outcome } from './outcome.ts';
import { flatHeaders, type ReceivedRequest } from './received-request.ts';

/** An HTTP server that can go away and come back on the same port. */
export interface StoppableServer {
  /** `http://publicHost:port`, known once it was started. */
  readonly origin: string;
  start(): Promise<void>;
  /** Stops at once: open connections are destroyed, waits are ended. */
  stop(): Promise<void>;
}

/** Graph's limit for a request; more than anything that is sent here. */
const MOST_BODY_BYTES = 4 * 1024 * 1024;

/** A server that is not listening yet. `handle` answers everything that `addRoutes` does not. */
export function createStoppableServer(options: {
  port: number;
  /** Where it listens. */
  host: string;
  /** Under which name it is known. */
  publicHost: string;
  handle: (request: ReceivedRequest, signal: AbortSignal) => Promise<Outcome>;
  addRoutes?: (app: FastifyInstance) => void;
}): StoppableServer {
  let port = options.port;
  let running: { app: FastifyInstance; stopping: AbortController } | undefined;
  return {
    get origin() {
      return `http://${options.publicHost}:${port}`;
    },
    async start() {
      if (running !== undefined) return;
      const stopping = new AbortController();
      const app = build(options.handle, stopping.signal);
      options.addRoutes?.(app);
      running = { app, stopping };
      try {
        await app.listen({ host: options.host, port });
      } catch (error) {
        running = undefined; // so that a later start tries again
        await app.close();
        throw error;
      }
      port = (app.server.address() as AddressInfo).port;
    },
    async stop() {
      const ended = running;
      running = undefined;
      ended?.stopping.abort();
      await ended?.app.close();
    },
  };
}

function build(
  handle: (request: ReceivedRequest, signal: AbortSignal) => Promise<Outcome>,
  signal: AbortSignal,
): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: MOST_BODY_BYTES,
    // A path that is no valid percent-encoding never reaches a route, yet Graph and Entra have an answer for it.
    frameworkErrors: (_error, request, reply) => {
      void handle(
        { method: request.method, url: request.url, headers: flatHeaders(request.headers), body: '' },
        signal,
      ).then((outcome) => deliver(outcome, reply as Parameters<typeof deliver>[1]));
    },
  });
  app.setErrorHandler<FastifyError>(({ statusCode = 500, message }, _request, reply) =>
    reply.code(statusCode).send({ error: { code: String(statusCode), message } }),
  );
  // Bodies stay text: what is no JSON, or has no content type, must get the refusal of the real service.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('/*', async (request, reply) => {
    const { method, url, headers, body } = request;
    const received = { method, url, headers: flatHeaders(headers), body: typeof body === 'string' ? body : '' };
    return deliver(await handle(received, signal), reply);
  });
  return app;
}
