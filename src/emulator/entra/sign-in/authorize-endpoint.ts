import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/outcome.ts';
import { samplePeople } from '../people.ts';
import { refusalText, refuse, type TokenRefusal } from '../token-refusal.ts';
import { type AuthorizeRequest, type ReturnAddress, readAuthorizeRequest } from './authorize-request.ts';
import { refusalPage, signInPage } from './pages.ts';
import type { CodeGrant } from './sign-in.ts';
import type { TicketStore } from './ticket-store.ts';

/** Names of our own parameters, with which the page's links come back. */
const CHOSEN = 'emulator_person';
const CANCELLED = 'emulator_cancel';

/** What the authorize endpoint knows. `now` in milliseconds since 1970. */
export interface AuthorizeEndpoint {
  readonly origin: string;
  readonly codes: TicketStore<CodeGrant>;
  /** Whether an admin consented to people signing in to the gateway's app. */
  readonly consented: boolean;
  readonly now: number;
}

/**
 * Answers `/authorize`: the page on which a person is chosen, and when one was, the way back to the app with a code.
 * Nobody stays signed in: every sign-in shows the page.
 */
export function answerAuthorize(tenantId: string, fields: URLSearchParams, endpoint: AuthorizeEndpoint): Answer {
  const verdict = readAuthorizeRequest(tenantId, new Map(fields));
  switch (verdict.on) {
    case 'page':
      return refusalPage(refusalText(verdict.refusal, endpoint.now).text, 400);
    case 'redirect':
      return refusedBack(verdict.to, verdict.refusal, endpoint);
    case 'sign-in':
      return signIn(fields, verdict, endpoint);
    default:
      return verdict satisfies never;
  }
}

function signIn(
  fields: URLSearchParams,
  { to, request }: { to: ReturnAddress; request: AuthorizeRequest },
  endpoint: AuthorizeEndpoint,
): Answer {
  const { loginHint, prompt, ...grant } = request;
  if (fields.has(CANCELLED)) return refusedBack(to, declined(), endpoint, { error_subcode: 'cancel' });
  if (!fields.has(CHOSEN)) {
    const link = (name: string, value: string) => `?${new URLSearchParams([...fields, [name, value]])}`;
    // A hint names the person to go on with, unless the app wants the choice to be open.
    const hinted = prompt === 'select_account' ? undefined : loginHint;
    const people = samplePeople.map((person) => ({ ...person, href: link(CHOSEN, person.oid) }));
    return signInPage({ people, hinted, claims: fields.get('claims') ?? undefined, cancel: link(CANCELLED, '1') });
  }
  const person = samplePeople.find(({ oid }) => oid === fields.get(CHOSEN));
  if (person === undefined) return refusalPage('There is no such person in this emulator.', 400);
  if (!endpoint.consented) return refusedBack(to, noConsent(grant.clientId), endpoint);
  const code = endpoint.codes.issue({ ...grant, oid: person.oid });
  return back(to, { code, session_state: randomUUID() });
}

function refusedBack(
  to: ReturnAddress,
  refusal: TokenRefusal,
  { now, origin }: AuthorizeEndpoint,
  more: Record<string, string> = {},
): Answer {
  const { text } = refusalText(refusal, now);
  return back(to, {
    error: refusal.error,
    error_description: text,
    error_uri: `${origin}/error?code=${refusal.code}`,
    ...more,
  });
}

function back({ redirectUri, mode, state }: ReturnAddress, values: Record<string, string>): Answer {
  const fields = new URLSearchParams({ ...values, ...(state === undefined ? {} : { state }) });
  return { status: 302, headers: { Location: `${redirectUri}${mode === 'query' ? '?' : '#'}${fields}` } };
}

const declined = (): TokenRefusal => refuse(65004, 'access_denied', 'User declined to consent to access the app.');

const noConsent = (clientId: string): TokenRefusal =>
  refuse(
    65001,
    'consent_required',
    `The user or administrator has not consented to use the application with ID '${clientId}'. Send an interactive authorization request for this user and resource.`,
  );
