import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/outcome.ts';
import { tenant } from './tenant.ts';

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

/** The refusal of a tenant that this Entra does not have. */
export function checkTenant(tenantId: string): TokenRefusal | undefined {
  if (tenantId.toLowerCase() === tenant.id) return undefined;
  if (['common', 'organizations', 'consumers'].includes(tenantId)) {
    return refuse(
      9001023,
      'invalid_request',
      'The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.',
    );
  }
  return refuse(
    90002,
    'invalid_request',
    `Tenant '${tenantId}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  );
}

/** The refusal of an app that this tenant does not have. */
export function checkClientId(clientId: string | undefined): TokenRefusal | undefined {
  if (clientId === undefined || clientId === '') return missingParameter('client_id');
  if (clientId.toLowerCase() === tenant.clientId) return undefined;
  return refuse(
    700016,
    'unauthorized_client',
    `Application with identifier '${clientId}' was not found in the directory '${tenant.id}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
  );
}

/** The refusal in Entra's words, which carry the ids that a support case needs. */
export function refusalText(
  { code, description }: TokenRefusal,
  now: number,
  correlationId: string = randomUUID(),
): { text: string; traceId: string; correlationId: string; timestamp: string } {
  const traceId = randomUUID();
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const text = `AADSTS${code}: ${description} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return { text, traceId, correlationId, timestamp };
}

/** The token endpoint's answer that refuses. */
export function refusalAnswer(
  refusal: TokenRefusal,
  { origin, now, correlationId }: { origin: string; now: number; correlationId?: string | undefined },
): Answer {
  const said = refusalText(refusal, now, correlationId);
  return {
    status: refusal.error === 'invalid_client' ? 401 : 400,
    headers: {},
    body: {
      error: refusal.error,
      error_description: said.text,
      error_codes: [refusal.code],
      timestamp: said.timestamp,
      trace_id: said.traceId,
      correlation_id: said.correlationId,
      error_uri: `${origin}/error?code=${refusal.code}`,
      ...(refusal.suberror === undefined ? {} : { suberror: refusal.suberror }),
      ...(refusal.claims === undefined ? {} : { claims: refusal.claims }),
    },
  };
}
