import type { Config } from '../../config.ts';
import { GatewayError, internalError } from '../../errors.ts';
import { interactionRequired, invalidToken } from '../callers/bearer-challenge.ts';
import { AADSTS, type AadstsEntry, type AadstsMeaning, settingOf } from './aadsts.ts';

/** Entra's answer to a failed token request, as it came over the wire. */
export interface TokenEndpointAnswer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  readonly text: string;
}

/** What an answer of the token endpoint means to an operator: no text of Entra's, and nothing that was sent. */
export interface TokenAnswerExplanation {
  /** The AADSTS number that decided, else the first. */
  readonly number: number | undefined;
  /** OAuth's word. */
  readonly error: string | undefined;
  readonly meaning: AadstsMeaning | 'interaction';
  /** What it is, in a sentence without its full stop. */
  readonly says: string;
  /** The setting to look at. */
  readonly setting: string | undefined;
  /** What to do. */
  readonly fix: string | undefined;
  /** True when every caller's exchange fails like this until the operator has mended it. */
  readonly forEverybody: boolean;
}

/** For the doctor and whoever else must tell an operator what Entra said. */
export function explainTokenAnswer(answer: TokenEndpointAnswer, entra: Config['entra']): TokenAnswerExplanation {
  return explain(parseBody(answer.text), answer.status, entra);
}

/**
 * What a failed exchange means. Entra says: react to `error`; the AADSTS numbers may change, so they only refine it
 * (entra-docs, reference-error-codes; facts, section 3.4).
 */
export function exchangeFailure(answer: TokenEndpointAnswer, entra: Config['entra']): GatewayError {
  const body = parseBody(answer.text);
  const explained = explain(body, answer.status, entra);
  const hint = hintOf(explained, answer.status);
  // Whatever else it is: Entra names claims only where the user can meet them.
  const asked = body.claims !== undefined && explained.meaning !== 'operator' ? 'interaction' : explained.meaning;
  switch (asked) {
    case 'consent':
    case 'mfa':
    case 'conditional-access':
    case 'sign-in':
    case 'interaction':
      return interaction(reasonOf(body, explained.meaning), body.claims, entra, hint);
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
      return internalError({ hint });
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
  return aadstsNumbers(answer.text).includes(700024);
}

/** The AADSTS numbers in an error of Entra's, as it came over the wire. */
export function aadstsNumbers(text: string): readonly number[] {
  return parseBody(text).numbers;
}

const reasons = {
  consent: 'consent_required',
  mfa: 'mfa_required',
  'conditional-access': 'conditional_access',
  'sign-in': 'login_required',
} as const;

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

function explain(body: TokenErrorBody, status: number, entra: Config['entra']): TokenAnswerExplanation {
  const { error, numbers } = body;
  const number = numbers.find((each) => AADSTS.has(each));
  const entry = number === undefined ? undefined : AADSTS.get(number);
  // Who presented the bad token: `invalid_client` says that it was the gateway, with its own assertion.
  const ownProof = error === 'invalid_client' && (entry === undefined || entry.meaning === 'assertion');
  const known: AadstsEntry | undefined = ownProof
    ? { meaning: 'operator', says: "Entra does not accept the gateway's own credential", setting: 'credential' }
    : entry;
  const meaning = known?.meaning ?? meaningOf(body, status);
  return {
    number: number ?? numbers[0],
    error,
    meaning,
    says: known?.says ?? (error === undefined ? `status ${status} without an error of Entra's` : 'an error not listed'),
    setting: settingOf(known?.setting ?? (meaning === 'operator' ? 'registration' : undefined), entra),
    fix: known?.fix,
    forEverybody: entry?.meaning === 'operator' || (ownProof && entry === undefined),
  };
}

function hintOf({ number, error, meaning, says, setting, fix }: TokenAnswerExplanation, status: number): string {
  const named = number === undefined ? error : `AADSTS${number} (${error ?? 'no error named'})`;
  const look = setting === undefined || meaning !== 'operator' ? '' : `; look at ${setting}`;
  return `Entra refused the exchange: ${named ?? `status ${status}`}: ${says}${look}${fix === undefined ? '' : `. ${fix}`}`;
}

function meaningOf(body: TokenErrorBody, status: number): AadstsMeaning | 'interaction' {
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

function reasonOf(body: TokenErrorBody, meaning: AadstsMeaning | 'interaction'): string {
  if (meaning in reasons) return reasons[meaning as keyof typeof reasons];
  const named = [body.suberror, body.error].find((value) => INTERACTION.has(value ?? ''));
  return named === undefined || named === 'basic_action' ? 'interaction_required' : named;
}

interface TokenErrorBody {
  readonly error: string | undefined;
  readonly suberror: string | undefined;
  readonly numbers: readonly number[];
  /** JSON text, as Entra sends it. */
  readonly claims: string | undefined;
}

function parseBody(text: string): TokenErrorBody {
  const body = objectIn(text) ?? {};
  const word = (value: unknown) => (typeof value === 'string' && /^[a-z_]{1,64}$/.test(value) ? value : undefined);
  const { claims, error_codes: numbers } = body;
  return {
    error: word(body.error),
    suberror: word(body.suberror),
    numbers: Array.isArray(numbers) ? numbers.filter(Number.isSafeInteger) : [],
    claims: typeof claims === 'string' && Object.keys(objectIn(claims) ?? {}).length > 0 ? claims : undefined,
  };
}

/** Undefined for what is no JSON object, such as a proxy's page or a list: nothing in it is Entra's. */
function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
