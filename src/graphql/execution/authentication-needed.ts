import { missingToken } from '../../entra/callers/bearer-challenge.ts';
import { GatewayError } from '../../errors.ts';

/** For an operation without a token, where the door lets introspection pass. */
export function authenticationNeeded(): GatewayError {
  return new GatewayError(
    'UNAUTHENTICATED',
    'This operation needs an access token: send "Authorization: Bearer <token>".',
    { challenge: missingToken },
  );
}
