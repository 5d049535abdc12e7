import { timingSafeEqual } from 'node:crypto';
import type { TokenForm } from '../token-form.ts';
import { missingParameter, refuse, type TokenRefusal } from '../token-refusal.ts';
import { type ClientAssertionTrust, checkClientAssertion } from './client-assertion.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** What proves that a request comes from the app it names. */
export interface ClientCredentialRules extends ClientAssertionTrust {
  readonly clientSecret: string;
}

/** Checks the client's proof: an assertion when there is one, else its secret. */
export async function checkClientCredential(
  form: TokenForm,
  rules: ClientCredentialRules,
): Promise<TokenRefusal | undefined> {
  if (form.get('client_assertion') !== undefined) {
    if (form.get('client_assertion_type') !== JWT_BEARER) return missingParameter('client_assertion_type');
    return checkClientAssertion(form.get('client_assertion') ?? '', rules);
  }
  const secret = form.get('client_secret') ?? form.basic?.password;
  if (secret === undefined || secret === '') {
    return refuse(
      7000218,
      'invalid_client',
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  if (sameText(secret, rules.clientSecret)) return undefined;
  return refuse(
    7000215,
    'invalid_client',
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${rules.clientId}'.`,
  );
}

function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
