// #region emulator-token
import type { GetToken } from './gateway-fetch.ts';

/** Tokens of a sample person. For tests and local work only: the emulator gives a token to whoever asks. */
export function createEmulatorGetToken(entraOrigin: string): GetToken {
  let token: Promise<string> | undefined;

  async function mint(claims?: string): Promise<string> {
    const acrs = claims === undefined ? undefined : [JSON.parse(claims).access_token.acrs.value];
    const answer = await fetch(`${entraOrigin}/_emulator/token`, { method: 'POST', body: JSON.stringify({ acrs }) });
    const { access_token } = (await answer.json()) as { access_token: string };
    return access_token;
  }

  return (challenge) => {
    if (challenge !== undefined || token === undefined) token = mint(challenge?.claims);
    return token;
  };
}
// #endregion
