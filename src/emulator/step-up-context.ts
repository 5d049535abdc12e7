/** The authentication context that the presets `mfa` and `step-up` ask for: a person who signed in with it has it. */
export const STEP_UP_CONTEXT = 'c1';

/** The claims (JSON text) that ask for it. */
export const STEP_UP_CLAIMS = `{"access_token":{"acrs":{"essential":true,"value":"${STEP_UP_CONTEXT}"}}}`;
