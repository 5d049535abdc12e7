import type { FastifyInstance } from 'fastify';

const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

/** Lets pages of this machine call these routes from a browser, and no other page: a site must not steer the emulator. */
export function allowLocalOrigins(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ method, headers }, reply) => {
    const { origin } = headers;
    if (origin === undefined) return;
    reply.header('Vary', 'Origin');
    if (!LOCAL_ORIGIN.test(origin)) {
      return reply.code(403).send({ error: 'only pages of localhost, 127.0.0.1 and [::1] may ask this' });
    }
    reply.header('Access-Control-Allow-Origin', origin);
    if (method !== 'OPTIONS') return;
    return reply
      .code(204)
      .headers({
        'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
        'Access-Control-Allow-Headers': headers['access-control-request-headers'] ?? 'Content-Type',
        'Access-Control-Max-Age': '600',
      })
      .send();
  });
}
