import type { FastifyReply, FastifyRequest } from 'fastify';
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

/** The hooks of a GraphQL request before its body is read. What is refused after `begin` is logged like any operation. */
export interface GatewayRequestHooks {
  /** Starts the request's budget and its record. */
  begin(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Finds out who calls. @throws GatewayError as `CallerVerifier` does */
  authenticate(request: FastifyRequest): Promise<void>;
}

export function createGatewayRequestHooks(options: GatewayRequestOptions): GatewayRequestHooks {
  const { requestTimeoutMs, verifyCaller, tokenNeeded, telemetry, onEnd } = options;
  return {
    async begin(request, reply) {
      const budget = startBudget(requestTimeoutMs);
      const { method, protocol: scheme } = request;
      // Passed on as it came, unless spans are made.
      const traceHeaders = readTraceHeaders(request.headers);
      request.gateway = {
        caller: undefined,
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
    },
    async authenticate({ gateway, headers: { authorization } }) {
      if (authorization === undefined && !tokenNeeded) return;
      const caller = verifyCaller(authorization);
      gateway.caller = caller instanceof Promise ? await withinBudget(caller, gateway.budget).catch(timedOut) : caller;
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
