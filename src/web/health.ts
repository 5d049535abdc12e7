import type { FastifyInstance } from 'fastify';

/** Whether the process is on its way out. */
export interface Lifecycle {
  draining: boolean;
}

/** Liveness and readiness for an orchestrator: no causes, no versions. */
export function registerHealth(app: FastifyInstance, lifecycle: Lifecycle): void {
  app.get('/livez', (_request, reply) => reply.send({ status: 'ok' }));
  app.get('/readyz', (_request, reply) =>
    lifecycle.draining ? reply.code(503).send({ status: 'unavailable' }) : reply.send({ status: 'ok' }),
  );
}
