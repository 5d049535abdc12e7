import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../errors.ts';

/** Callers whose requests are counted: about 100 bytes each. */
const RATE_LIMITED_CALLERS = 50_000;

/**
 * The limit of @fastify/rate-limit for a route whose callers are known by then: per caller, never per address, because
 * a help desk shares one. Callers without a token only get introspection.
 * @param max requests in a minute
 */
export function callerRateLimit(max: number) {
  return {
    max,
    timeWindow: 60_000,
    cache: RATE_LIMITED_CALLERS,
    keyGenerator: (request: FastifyRequest) => request.gateway.caller?.key ?? '',
    allowList: (request: FastifyRequest) => request.gateway.caller === undefined,
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_request: FastifyRequest, { ttl }: { ttl: number }) =>
      new GatewayError('RATE_LIMITED', 'You have sent too many requests; wait before the next one.', {
        retryAfterMs: ttl,
      }),
  };
}
