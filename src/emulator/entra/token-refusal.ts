import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/outcome.ts';

/** Why Entra refuses, thrown inside the token endpoint and nowhere else. */
export interface TokenRefusal {
  readonly code: number;
  readonly error: string;
  readonly description: string;
  readonly suberror?: string;
  readonly claims?: string;
}

/** A check's verdict: nothing wrong, or the refusal to answer with. */
export const refuse = (
  code: number,
  error: string,
  description: string,
  more: Pick<TokenRefusal, 'suberror' | 'claims'> = {},
): TokenRefusal => ({ code, error, description, ...more });

/** The required form field is missing. */
export const missingParameter = (name: string): TokenRefusal =>
  refuse(900144, 'invalid_request', `The request body must contain the following parameter: '${name}'.`);

/** The refusal in Entra's words: the text carries the ids that a support case needs. */
export function refusalAnswer(
  refusal: TokenRefusal,
  { origin, now, correlationId = randomUUID() }: { origin: string; now: number; correlationId?: string | undefined },
): Answer {
  const traceId = randomUUID();
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    status: refusal.error === 'invalid_client' ? 401 : 400,
    headers: {},
    body: {
      error: refusal.error,
      error_description: `AADSTS${refusal.code}: ${refusal.description} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [refusal.code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `${origin}/error?code=${refusal.code}`,
      ...(refusal.suberror === undefined ? {} : { suberror: refusal.suberror }),
      ...(refusal.claims === undefined ? {} : { claims: refusal.claims }),
    },
  };
}
