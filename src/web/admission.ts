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
  /** Milliseconds of a clock that only goes forward. */
  readonly clock?: () => number;
}

/**
 * Refusals leave at about 2000 a second, each at most a second late. A refusal costs a third of an answer, and clients
 * that come back at once would otherwise keep the event loop reading, and leave no turn to those inside.
 */
const REFUSAL_INTERVAL_MS = 0.5;
const MAX_REFUSAL_DELAY_MS = 1000;

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** One long pause, such as that of loading a library, is over when it is measured; the next second must be as bad. */
const PASSING_MS = 1500;

export function createAdmission(options: AdmissionOptions): Admission {
  const { maxInside, isUnderPressure, clock = () => performance.now() } = options;
  let inside = 0;
  let refused = 0;
  let pressedSince: number | undefined;
  const running = new Set<Promise<unknown>>();
  // One for all: an error's stack would be an eighth of what a refusal costs.
  const overloaded = new GatewayError('OVERLOADED', 'The gateway has more to do than it can; try again.', {
    retryAfterMs: 1000,
  });

  function isPressed(): boolean {
    if (!isUnderPressure()) {
      pressedSince = undefined;
      return false;
    }
    pressedSince ??= clock();
    return clock() - pressedSince > PASSING_MS;
  }

  function refuse(done: Done): void {
    refused += 1;
    const answer = () => {
      refused -= 1;
      done(overloaded);
    };
    setTimeout(answer, Math.min(refused * REFUSAL_INTERVAL_MS, MAX_REFUSAL_DELAY_MS));
  }

  return {
    admit(_request, reply, done) {
      if (inside >= maxInside || isPressed()) return refuse(done);
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
