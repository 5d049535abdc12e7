import type { FastifyInstance } from 'fastify';
import type { BoundedLog } from '../http/bounded-log.ts';
import type { FaultQueue } from '../http/fault-queue.ts';
import { isJsonObject } from '../json.ts';
import { controlBody } from './control-body.ts';
import { allowLocalOrigins } from './local-origins.ts';
import { problemWith } from './members.ts';
import { type Presets, readFaults } from './read-faults.ts';

/**
 * Serves `/_emulator/...`, without a token: what both servers have, and the `routes` of this one. Control requests meet
 * no fault and enter no log.
 */
export function addControlSurface(
  app: FastifyInstance,
  options: {
    log: BoundedLog<unknown>;
    faults: FaultQueue;
    presets: Presets;
    /** Back to what the server was after its start. */
    reset: () => void;
    routes: (control: FastifyInstance) => void;
  },
): void {
  const { log, faults } = options;
  const plugin = async (control: FastifyInstance): Promise<void> => {
    allowLocalOrigins(control);
    control.post('/faults', (request, reply) => {
      const read = readFaults(controlBody(request.body, undefined), options.presets);
      if ('problem' in read) return reply.code(400).send({ error: read.problem });
      if (!faults.hasRoom(read.faults.length)) return reply.code(400).send({ error: 'too many faults are waiting' });
      faults.add(read.faults);
      return reply.code(204).send();
    });
    control.delete('/faults', (_request, reply) => {
      faults.clear();
      return reply.code(204).send();
    });
    control.get('/requests', (_request, reply) => reply.send(log.entries));
    control.delete('/requests', (_request, reply) => {
      log.clear();
      return reply.code(204).send();
    });
    control.post('/reset', (request, reply) => {
      const body = controlBody(request.body, {});
      const problem = isJsonObject(body) ? problemWith(body, {}, 'the reset') : 'expected no body';
      if (problem !== undefined) return reply.code(400).send({ error: problem });
      options.reset();
      return reply.code(204).send();
    });
    options.routes(control);
    control.all('/*', ({ method, url }, reply) =>
      reply.code(404).send({ error: `this server has no control route ${method} ${url.split('?')[0]}` }),
    );
  };
  void app.register(plugin, { prefix: '/_emulator' });
}
