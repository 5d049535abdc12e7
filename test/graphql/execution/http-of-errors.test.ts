import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/errors.ts';
import { httpOfErrors } from '../../../src/graphql/execution/http-of-errors.ts';

const errors = {
  signIn: new GatewayError('INTERACTION_REQUIRED', 'm', { challenge: 'Bearer error="interaction_required"' }),
  scope: new GatewayError('FORBIDDEN', 'm', { status: 403, challenge: 'Bearer error="insufficient_scope"' }),
  limited: new GatewayError('RATE_LIMITED', 'm', { retryAfterMs: 60_000 }),
  limitedLess: new GatewayError('RATE_LIMITED', 'm', { retryAfterMs: 5_000 }),
  overloaded: new GatewayError('OVERLOADED', 'm', { retryAfterMs: 1_000 }),
  input: new GatewayError('BAD_USER_INPUT', 'm', { status: 400 }),
  throttled: new GatewayError('THROTTLED', 'm', { retryAfterMs: 90_000 }),
  notFound: new GatewayError('NOT_FOUND', 'm'),
};
/** In the order in which they win, with what is then said. */
const wins = [
  ['signIn', 401, { 'www-authenticate': 'Bearer error="interaction_required"' }],
  ['scope', 403, { 'www-authenticate': 'Bearer error="insufficient_scope"' }],
  ['limited', 429, { 'retry-after': '60' }],
  ['limitedLess', 429, { 'retry-after': '5' }],
  ['overloaded', 503, { 'retry-after': '1' }],
  ['input', 400, {}],
  ['throttled', undefined, {}],
  ['notFound', undefined, {}],
] as const;

describe('the HTTP answer of several errors', () => {
  it('is that of one of them, whatever their order: 401, 403, 429, 503, 400', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(wins.map((_, index) => index)), (indices) => {
        const { status, headers } = httpOfErrors(indices.map((index) => errors[wins[index]?.[0] ?? 'notFound']));
        const [, expectedStatus, expectedHeaders] = wins[Math.min(...indices)] ?? [undefined, undefined, {}];
        expect({ status, headers: Object.fromEntries(headers) }).toEqual({
          status: expectedStatus,
          headers: expectedHeaders,
        });
      }),
    );
  });
});
