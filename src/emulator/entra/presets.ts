import type { Presets } from '../control/read-faults.ts';
import { entraError, type Fault, unavailable } from '../faults.ts';
import type { FaultSubject, WaitingFault } from '../http/fault-queue.ts';
import { STEP_UP_CLAIMS, STEP_UP_CONTEXT } from '../step-up-context.ts';

/** More than an operation's default budget of 15 seconds, so that waiting is no way out. */
const THROTTLED_SECONDS = '20';

const atTokenEndpoint = ({ paths }: FaultSubject): boolean =>
  paths.some((path) => path.split('?')[0]?.endsWith('/oauth2/v2.0/token'));

const held = (fault: Fault, meets: (subject: FaultSubject) => boolean = atTokenEndpoint): WaitingFault => ({
  ...fault,
  times: Number.POSITIVE_INFINITY,
  meets,
});

/** Where multi-factor authentication helps: whoever signed in with the claims gets through, and so does signing in. */
const lacksStepUp = (subject: FaultSubject): boolean => {
  const { acrs } = subject.claims;
  const isSignIn = subject.grant === 'authorization_code' || subject.grant === 'refresh_token';
  return atTokenEndpoint(subject) && !isSignIn && !(Array.isArray(acrs) && acrs.includes(STEP_UP_CONTEXT));
};

const BLOCK =
  'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.';

/** What Entra's token endpoint can be told to do by name. The documents and signing in on the page are left alone. */
export const entraPresets: Presets = {
  mfa: held(
    entraError(50076, {
      suberror: 'basic_action',
      claims: STEP_UP_CLAIMS,
      description:
        'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
    }),
    lacksStepUp,
  ),
  consent: held(
    entraError(65001, {
      suberror: 'consent_required',
      description: 'The user or administrator has not consented to use the application.',
    }),
  ),
  'conditional-access': held(
    entraError(53003, {
      suberror: 'message_only',
      claims: '{"access_token":{"capolids":{"essential":true,"values":["0f9a3c1e-3333-4333-8333-000000000001"]}}}',
      description: BLOCK,
    }),
  ),
  'expired-secret': held(
    entraError(7000222, {
      status: 401,
      error: 'invalid_client',
      description: 'The provided client secret keys for the app are expired.',
    }),
  ),
  throttled: held({
    ...entraError(90055, {
      status: 429,
      error: 'temporarily_unavailable',
      description: 'The tenant is throttled because of too many requests.',
    }),
    headers: { 'Retry-After': THROTTLED_SECONDS },
  }),
  down: held(unavailable()),
};
