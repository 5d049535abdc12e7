import type { FastifyInstance } from 'fastify';

/** Whether the process is on its way out. */
export interface Lifecycle {
  draining: boolean;
}

/**
 * Liveness and readiness for an orchestrator: no causes, no versions.
 * @param entra whether what Entra publishes was fetched once; a gateway without it can serve nobody
 */
export function registerHealth(app: FastifyInstance, lifecycle: Lifecycle, entra: { readonly ready: boolean }): void {
  app.get('/livez', (_request, reply) => reply.send({ status: 'ok' }));
  app.get('/readyz', (_request, reply) =>
    lifecycle.draining || !entra.ready ? reply.code(503).send({ status: 'unavailable' }) : reply.send({ status: 'ok' }),
  );
}
