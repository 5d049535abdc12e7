import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedCaller } from '../entra/caller.ts';
import type { CallerVerifier } from '../entra/verify-caller.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayRequest } from '../graphql/context.ts';
import { startBudget } from '../http/budget.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { withinBudget } from '../http/within-budget.ts';
import { startOperationRecord } from '../observability/operation-record.ts';
import type { Telemetry } from '../observability/telemetry.ts';
import { readTraceHeaders } from '../observability/trace-headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    gateway: GatewayRequest;
  }
}

export interface GatewayRequestOptions {
  readonly requestTimeoutMs: number;
  readonly verifyCaller: CallerVerifier;
  /** True in production: without a valid token nothing of a request is looked at. */
  readonly tokenNeeded: boolean;
  readonly telemetry: Telemetry | undefined;
  /** Called once when the answer has left, or the client has. */
  readonly onEnd: (request: FastifyRequest, reply: FastifyReply) => void;
}

/** Fastify's callback: a promise for each hook would cost more than most of the hooks. */
export type Done = (error?: Error) => void;

/** The hooks of a GraphQL request before its body is read. What is refused after `begin` is logged like any operation. */
export interface GatewayRequestHooks {
  /** Starts the request's budget and its record. */
  begin(request: FastifyRequest, reply: FastifyReply, done: Done): void;
  /** Finds out who calls. @throws GatewayError as `CallerVerifier` does */
  authenticate(request: FastifyRequest, reply: FastifyReply, done: Done): void;
}

export function createGatewayRequestHooks(options: GatewayRequestOptions): GatewayRequestHooks {
  const { requestTimeoutMs, verifyCaller, tokenNeeded, telemetry, onEnd } = options;
  return {
    begin(request, reply, done) {
      const budget = startBudget(requestTimeoutMs);
      const { method, protocol: scheme } = request;
      // Passed on as it came, unless spans are made.
      const traceHeaders = readTraceHeaders(request.headers);
      request.gateway = {
        caller: undefined,
        authorization: request.headers.authorization,
        budget,
        record: startOperationRecord(telemetry?.startOperation({ method, scheme, traceHeaders })),
        log: request.log,
        traceHeaders,
      };
      reply.raw.once('close', () => {
        if (reply.raw.writableFinished) budget.close();
        else budget.cancel();
        onEnd(request, reply);
      });
      done();
    },
    authenticate({ gateway, headers: { authorization } }, _reply, done) {
      if (authorization === undefined && !tokenNeeded) return done();
      const accept = (caller: AuthenticatedCaller) => {
        gateway.caller = caller;
        done();
      };
      try {
        const caller = verifyCaller(authorization);
        if (!(caller instanceof Promise)) return accept(caller);
        withinBudget(caller, gateway.budget).catch(timedOut).then(accept, done);
      } catch (failure) {
        done(failure as Error);
      }
    },
  };
}

function timedOut(failure: unknown): never {
  if (!(failure instanceof HttpFailure)) throw failure;
  throw new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Entra ID did not answer in time.', {
    cause: failure,
    status: 503,
  });
}
