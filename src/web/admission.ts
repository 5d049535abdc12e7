import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.ts';
import type { Done } from './gateway-request.ts';

/** How many GraphQL requests are inside, and what still runs for clients that have gone. */
export interface Admission {
  /** The hook before all others of a GraphQL request. @throws GatewayError OVERLOADED */
  readonly admit: (request: FastifyRequest, reply: FastifyReply, done: Done) => void;
  /** Wraps the handler, so that `settled` knows of it. */
  track(handler: Handler): Handler;
  /** Resolves when nothing runs any more: an update outlives the client that sent it. */
  settled(): Promise<void>;
}

export interface AdmissionOptions {
  /** So many requests at once; the next are told to come back. */
  readonly maxInside: number;
  /** Whether the process itself cannot keep up. */
  readonly isUnderPressure: () => boolean;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

export function createAdmission({ maxInside, isUnderPressure }: AdmissionOptions): Admission {
  let inside = 0;
  const running = new Set<Promise<unknown>>();
  return {
    admit(_request, reply, done) {
      if (inside >= maxInside || isUnderPressure()) return done(overloaded());
      inside += 1;
      reply.raw.once('close', () => {
        inside -= 1;
      });
      done();
    },
    track: (handler) => (request, reply) => {
      const work = handler(request, reply);
      running.add(work);
      const forget = () => running.delete(work);
      work.then(forget, forget);
      return work;
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

function overloaded(): GatewayError {
  return new GatewayError('OVERLOADED', 'The gateway has more to do than it can; try again.', { retryAfterMs: 1000 });
}
