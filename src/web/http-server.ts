import { createServer, type RequestListener, type Server } from 'node:http';
import type { Logger } from 'pino';
import type { SlowClientLimits } from './http-limits.ts';

export interface HttpServerOptions {
  readonly slowClients: SlowClientLimits;
  readonly logger: Pick<Logger, 'error'>;
}

/** Above the longest token that is refused with a proper answer. */
const MAX_HEADER_SIZE = 128 * 1024;
/** Longer than the 60 s of common balancers, so that they and not we close a connection that rests. */
const KEEP_ALIVE_MS = 75_000;

/** Node's HTTP server with the limits of this gateway. */
export function createHttpServer(listener: RequestListener, { slowClients, logger }: HttpServerOptions): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_SIZE,
      headersTimeout: slowClients.headersMs,
      requestTimeout: slowClients.requestMs,
      connectionsCheckingInterval: slowClients.checkEveryMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Two Authorization headers become one that is no token; otherwise Node takes the first, a proxy perhaps the last.
      joinDuplicateHeaders: true,
    },
    listener,
  );
  // A connection that cannot be taken for want of descriptors is an error of the listener, which goes on listening.
  server.on('error', (error) => {
    if (server.listening) logger.error({ err: error }, 'a connection could not be taken');
  });
  return server;
}
