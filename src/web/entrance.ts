import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedCaller } from '../entra/callers/caller.ts';
import type { CallerVerifier } from '../entra/callers/verify-caller.ts';
import { GatewayError } from '../errors.ts';
import type { HeldBytes } from '../http/held-bytes.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { withinBudget } from '../http/within-budget.ts';
import type { CallerLimit } from '../replicas/caller-limit.ts';
import type { Admission } from './admission.ts';
import type { Connections } from './connections.ts';
import { closeRequest, type OpenRequest, type OpenRequestOptions, openRequest } from './gateway-request.ts';
import { BODY_LIMIT } from './http-limits.ts';

/** Fastify's callback: a promise for each request would cost more than most of what is done here. */
export type Done = (error?: Error) => void;

export interface EntranceOptions extends OpenRequestOptions {
  readonly admission: Admission;
  readonly held: HeldBytes;
  readonly connections: Connections;
  readonly verifyCaller: CallerVerifier;
  /** True in production: without a valid token nothing of a request is looked at. */
  readonly tokenNeeded: boolean;
  /** Requests that a caller may send. */
  readonly limit: CallerLimit;
}

export interface Entrance {
  /**
   * The one hook of a GraphQL request, before its body is read: is there room, who calls, and how often?
   * Its errors are GatewayErrors: OVERLOADED, RATE_LIMITED, and those of `CallerVerifier`.
   */
  enter(request: FastifyRequest, reply: FastifyReply, done: Done): void;
  /** A request's execution begins, and ends. */
  begin(gateway: OpenRequest): void;
  end(gateway: OpenRequest): void;
}

const RATE_LIMITED = 'You have sent too many requests; wait before the next one.';

/** A body up to here counts as nothing. */
const SMALL_BODY = 8 * 1024;

export function createEntrance(options: EntranceOptions): Entrance {
  const { admission, held, connections, verifyCaller, tokenNeeded, limit } = options;

  function identified(request: FastifyRequest, gateway: OpenRequest, caller: AuthenticatedCaller, done: Done): void {
    gateway.caller = caller;
    connections.trust(request.raw.socket);
    const waitMs = limit.spend(caller.key, 1);
    if (waitMs instanceof Promise) waitMs.then((ms) => limited(request, gateway, ms, done), done);
    else limited(request, gateway, waitMs, done);
  }

  function limited(request: FastifyRequest, gateway: OpenRequest, waitMs: number | undefined, done: Done): void {
    if (waitMs === undefined) takeBody(request, gateway, done);
    else done(new GatewayError('RATE_LIMITED', RATE_LIMITED, { retryAfterMs: waitMs }));
  }

  function takeBody(request: FastifyRequest, gateway: OpenRequest, done: Done): void {
    // Nobody waits for it any more, and nothing would give back what it takes.
    if (gateway.closed) return;
    const bytes = announcedBytes(request);
    if (bytes > SMALL_BODY) {
      if (!held.take(callerKey(gateway), bytes)) {
        admission.refuse(done);
        return;
      }
      gateway.bodyBytes = bytes;
    }
    done();
  }

  function release(gateway: OpenRequest): void {
    if (gateway.running || !gateway.closed) return;
    const bytes = gateway.bodyBytes + gateway.record.heldBytes;
    if (bytes > 0) held.give(callerKey(gateway), bytes);
    gateway.bodyBytes = 0;
    gateway.record.heldBytes = 0;
  }

  return {
    enter(request, reply, done) {
      const gateway = openRequest(request, options);
      reply.raw.once('close', () => {
        closeRequest(gateway, reply, options);
        if (gateway.inside) admission.leave();
        release(gateway);
      });
      gateway.inside = admission.enter();
      const { authorization } = request.headers;
      if (!gateway.inside) return admission.refuse(done);
      if (authorization === undefined && !tokenNeeded) return takeBody(request, gateway, done);
      try {
        const caller = verifyCaller(authorization);
        if (!(caller instanceof Promise)) return identified(request, gateway, caller, done);
        withinBudget(caller, gateway.budget)
          .catch(timedOut)
          .then((verified) => identified(request, gateway, verified, done), done);
      } catch (failure) {
        done(failure as Error);
      }
    },
    begin(gateway) {
      gateway.running = true;
      admission.begin();
    },
    end(gateway) {
      gateway.running = false;
      admission.end();
      release(gateway);
    },
  };
}

/** As many as a body may have, where its length is not said. */
function announcedBytes({ headers }: FastifyRequest): number {
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] === undefined ? 0 : BODY_LIMIT;
  return Math.min(Number(length), BODY_LIMIT);
}

/** Those without a token share one share. */
function callerKey({ caller }: OpenRequest): string {
  return caller?.key ?? '';
}

function timedOut(failure: unknown): never {
  if (!(failure instanceof HttpFailure)) throw failure;
  throw new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Entra ID did not answer in time.', {
    cause: failure,
    status: 503,
  });
}
