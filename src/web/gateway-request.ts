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
  /** Throws when the gateway has too much to do, before a token costs anything; what it refuses is logged too. */
  readonly shed: () => void;
  /** Called once when the answer has left, or the client has. */
  readonly onEnd: (request: FastifyRequest, reply: FastifyReply) => void;
}

/**
 * The hook that runs before a GraphQL request's body is read: starts its budget and its record, and finds out who calls.
 * @throws GatewayError as `CallerVerifier` does, and what `shed` throws
 */
export function createGatewayRequestHook(options: GatewayRequestOptions) {
  const { requestTimeoutMs, verifyCaller, tokenNeeded, telemetry, shed, onEnd } = options;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const budget = startBudget(requestTimeoutMs);
    const { method, protocol: scheme } = request;
    // Passed on as it came, unless spans are made.
    const traceHeaders = readTraceHeaders(request.headers);
    const gateway = {
      caller: undefined as AuthenticatedCaller | undefined,
      budget,
      record: startOperationRecord(telemetry?.startOperation({ method, scheme, traceHeaders })),
      log: request.log,
      traceHeaders,
    };
    request.gateway = gateway;
    reply.raw.once('close', () => {
      if (reply.raw.writableFinished) budget.close();
      else budget.cancel();
      onEnd(request, reply);
    });
    shed();
    const { authorization } = request.headers;
    if (authorization === undefined && !tokenNeeded) return;
    const caller = verifyCaller(authorization);
    gateway.caller = caller instanceof Promise ? await withinBudget(caller, budget).catch(timedOut) : caller;
  };
}

function timedOut(failure: unknown): never {
  if (!(failure instanceof HttpFailure)) throw failure;
  throw new GatewayError('UPSTREAM_TIMEOUT', 'Microsoft Entra ID did not answer in time.', {
    cause: failure,
    status: 503,
  });
}
