import type { ClientCredential, Config } from '../config.ts';
import { GatewayError, internalError } from '../errors.ts';
import { interactionRequired, invalidToken } from './bearer-challenge.ts';

/** Entra's answer to a failed token request, as it came over the wire. */
export interface TokenEndpointAnswer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly text: string;
}

/**
 * What a failed exchange means. Entra says: react to `error`; the AADSTS numbers may change, so they only refine it
 * (entra-docs, reference-error-codes; facts, section 3.4).
 */
export function exchangeFailure(answer: TokenEndpointAnswer, entra: Config['entra']): GatewayError {
  const body = parseBody(answer.text);
  const number = body.numbers.find((each) => each in meanings);
  const aadsts = body.numbers[0] === undefined ? body.error : `AADSTS${body.numbers[0]} (${body.error})`;
  const hint = `Entra refused the exchange: ${aadsts ?? `status ${answer.status}`}`;
  const meaning = number === undefined ? meaningOf(body, answer.status) : (meanings[number] ?? 'unavailable');
  // Whatever else it is: Entra names claims only where the user can meet them.
  const asked = body.claims !== undefined && meaning !== 'operator' ? 'interaction' : meaning;
  switch (asked) {
    case 'consent':
    case 'mfa':
    case 'conditional-access':
    case 'sign-in':
    case 'interaction':
      return interaction(asked === 'interaction' ? reasonOf(body, number) : reasons[asked], body.claims, entra, hint);
    case 'assertion': {
      const text = 'Microsoft Entra ID did not accept the access token; get a new one';
      return new GatewayError('UNAUTHENTICATED', `${text}.`, { challenge: invalidToken(text), hint });
    }
    case 'forbidden':
      return new GatewayError('FORBIDDEN', 'Microsoft Entra ID does not let this user use this application.', { hint });
    case 'throttled':
      return new GatewayError('THROTTLED', 'Microsoft Entra ID is throttling requests.', {
        retryAfterMs: answer.retryAfterMs ?? 1000,
        hint,
      });
    case 'unavailable':
      return new GatewayError('UPSTREAM_UNAVAILABLE', 'Microsoft Entra ID is not available.', { hint });
    case 'operator':
      return internalError({ hint: `${hint}; look at ${settingFor(number, entra)}` });
    default:
      return asked satisfies never;
  }
}

/** A challenge for the person: sign in again, and meet `claims` (JSON text) when there are some. */
export function interaction(
  reason: string,
  claims: string | undefined,
  entra: Config['entra'],
  hint?: string,
): GatewayError {
  return new GatewayError('INTERACTION_REQUIRED', 'Microsoft Entra ID wants the user to sign in interactively.', {
    reason,
    claims,
    challenge: interactionRequired(entra, claims),
    ...(hint !== undefined && { hint }),
  });
}

/** Whether a stale client assertion was the fault: worth one more try with a newly read one (facts, section 6). */
export function isStaleClientAssertion(answer: TokenEndpointAnswer): boolean {
  return parseBody(answer.text).numbers.includes(700024);
}

type Meaning =
  | 'consent'
  | 'mfa'
  | 'conditional-access'
  | 'sign-in'
  | 'interaction'
  | 'assertion'
  | 'forbidden'
  | 'throttled'
  | 'unavailable'
  | 'operator';

const reasons = {
  consent: 'consent_required',
  mfa: 'mfa_required',
  'conditional-access': 'conditional_access',
  'sign-in': 'login_required',
} as const;

const meanings: Readonly<Record<number, Meaning>> = {
  ...each('consent', [65001, 65004, 90094, 90095]),
  ...each('mfa', [50072, 50074, 50076, 50078, 50079, 50158]),
  ...each('conditional-access', [53000, 53001, 53002, 53003, 53004, 530032]),
  ...each('sign-in', [50055, 50173, 70008, 70043, 700082, 700084]),
  ...each('assertion', [50013, 50027, 240002, 500131, 500133]),
  ...each('forbidden', [16000, 50020, 50034, 50053, 50057, 50105, 51004, 500212, 500213, 7000114]),
  ...each('throttled', [90055, 50196]),
  ...each('unavailable', [50033, 50087, 90006, 90012, 90024, 90033, 90090]),
  ...each('operator', [50001, 50012, 65005, 70001, 70002, 70011, 28002, 90002, 90038, 500011, 650056, 650057]),
  ...each('operator', [700011, 700016, 700022, 700024, 700027, 700211, 700213, 700229, 900382, 900432]),
  ...each('operator', [7000112, 7000215, 7000218, 7000222, 9001023]),
};

/** MSAL's list of what means that the user must act (facts, section 3.3). */
const INTERACTION = new Set([
  'interaction_required',
  'consent_required',
  'login_required',
  'bad_token',
  'ui_not_allowed',
  'interrupted_user',
  'message_only',
  'additional_action',
  'basic_action',
  'user_password_expired',
]);

function meaningOf(body: TokenErrorBody, status: number): Meaning {
  if (status === 429) return 'throttled';
  if (INTERACTION.has(body.error ?? '') || INTERACTION.has(body.suberror ?? '')) return 'interaction';
  switch (body.error) {
    case 'invalid_grant':
      return 'assertion';
    case 'access_denied':
      return 'forbidden';
    case 'invalid_client':
    case 'unauthorized_client':
    case 'invalid_request':
    case 'invalid_scope':
    case 'invalid_resource':
    case 'invalid_target':
    case 'unsupported_grant_type':
      return 'operator';
    default:
      return 'unavailable';
  }
}

function reasonOf(body: TokenErrorBody, number: number | undefined): string {
  const meaning = number === undefined ? undefined : meanings[number];
  if (meaning !== undefined && meaning in reasons) return reasons[meaning as keyof typeof reasons];
  const named = [body.suberror, body.error].find((value) => INTERACTION.has(value ?? ''));
  return named === undefined || named === 'basic_action' ? 'interaction_required' : named;
}

/** Where an operator finds what proves the gateway. */
export const credentialSetting: Readonly<Record<ClientCredential['kind'], string>> = {
  secret: 'AZURE_CLIENT_SECRET',
  certificate: 'AZURE_CLIENT_CERTIFICATE_PATH',
  federated: 'AZURE_FEDERATED_TOKEN_FILE',
  'managed-identity': 'AZURE_USE_MANAGED_IDENTITY and AZURE_MANAGED_IDENTITY_CLIENT_ID',
};

function settingFor(number: number | undefined, { credential }: Config['entra']): string {
  switch (number) {
    case 7000215:
    case 7000218:
    case 7000222:
      return credentialSetting[credential.kind];
    case 700027:
    case 50012:
      return 'AZURE_CLIENT_CERTIFICATE_PATH';
    case 700024:
    case 700211:
    case 700213:
    case 700229:
      return 'AZURE_FEDERATED_TOKEN_FILE or the federated credential of the app registration';
    case 700016:
    case 700011:
    case 70001:
    case 7000112:
      return 'AZURE_CLIENT_ID and AZURE_TENANT_ID';
    case 90002:
    case 90038:
    case 900382:
    case 900432:
    case 9001023:
      return 'AZURE_TENANT_ID and AZURE_AUTHORITY_HOST';
    case 500011:
    case 50001:
    case 70011:
      return 'GRAPH_BASE_URL';
    default:
      return "the app registration's permissions and credentials";
  }
}

interface TokenErrorBody {
  readonly error: string | undefined;
  readonly suberror: string | undefined;
  readonly numbers: readonly number[];
  /** JSON text, as Entra sends it. */
  readonly claims: string | undefined;
}

function parseBody(text: string): TokenErrorBody {
  let body: Record<string, unknown> = {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) body = value as Record<string, unknown>;
  } catch {
    // A proxy's page: nothing in it is Entra's.
  }
  const word = (value: unknown) => (typeof value === 'string' && /^[a-z_]{1,64}$/.test(value) ? value : undefined);
  return {
    error: word(body.error),
    suberror: word(body.suberror),
    numbers: Array.isArray(body.error_codes) ? body.error_codes.filter(Number.isSafeInteger) : [],
    claims: typeof body.claims === 'string' && isJsonObject(body.claims) ? body.claims : undefined,
  };
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  } catch {
    return false;
  }
}

function each(meaning: Meaning, numbers: readonly number[]): Record<number, Meaning> {
  return Object.fromEntries(numbers.map((number) => [number, meaning]));
}
