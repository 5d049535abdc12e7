import type { Answer } from '../http/outcome.ts';
import type { Call } from './call.ts';
import { intuneFailure } from './failure.ts';

/** The 404 for an id that nothing has. Its message names the id, as Intune's do: a client must not pass it on. */
export const sessionNotFound = (call: Call): Answer =>
  intuneFailure(call, 404, 'ResourceNotFound', 'The session was not found.');
