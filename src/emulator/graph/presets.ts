import type { Presets } from '../control/read-faults.ts';
import { type Fault, graphError, throttled, unavailable } from '../faults.ts';
import type { FaultSubject, WaitingFault } from '../http/fault-queue.ts';
import { STEP_UP_CLAIMS, STEP_UP_CONTEXT } from '../step-up-context.ts';
import { challenge } from './bearer.ts';

/** More than an operation's default budget of 15 seconds, so that waiting is no way out. */
const THROTTLED_SECONDS = 20;

/** Whole requests, batches included: what happens to the connection or at the front door. */
const requests = ({ inBatch }: FaultSubject): boolean => !inBatch;

/** What Graph judges for each call, be it alone or an entry of a batch. */
const calls = ({ paths }: FaultSubject): boolean => !paths.some((path) => path.endsWith('/$batch'));

const held = (fault: Fault, meets: (subject: FaultSubject) => boolean): WaitingFault => ({
  ...fault,
  times: Number.POSITIVE_INFINITY,
  meets,
});

const lacksStepUp = (subject: FaultSubject): boolean => {
  const { acrs } = subject.claims;
  return requests(subject) && !(Array.isArray(acrs) && acrs.includes(STEP_UP_CONTEXT));
};

/** What Graph can be told to do by name. */
export const graphPresets = (authorizationUri: string): Presets => ({
  throttled: held(throttled(THROTTLED_SECONDS), calls),
  down: held(unavailable(), requests),
  timeout: held({ hang: true }, requests),
  forbidden: held(graphError(403, 'Forbidden', 'The user lacks the right to do this.'), calls),
  conflict: held(graphError(409, 'Conflict', 'The session was changed by somebody else.'), calls),
  'lost-answer': held({ apply: true, drop: 'before-headers' }, requests),
  'step-up': held(
    {
      ...graphError(401, 'InvalidAuthenticationToken', 'Continuous access evaluation resulted in challenge.'),
      headers: { 'WWW-Authenticate': challenge(authorizationUri, STEP_UP_CLAIMS) },
    },
    lacksStepUp,
  ),
});
