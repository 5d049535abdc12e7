// #region msal-token
import { InteractionRequiredAuthError, type IPublicClientApplication } from '@azure/msal-browser';
import type { GetToken } from './gateway-fetch.ts';

/** @param askForClick shows a dialog with a button: browsers block a popup that no click has opened */
export function createMsalGetToken(
  msal: IPublicClientApplication,
  gatewayClientId: string,
  askForClick: () => Promise<void>,
): GetToken {
  const scopes = [`api://${gatewayClientId}/access_as_user`];

  return async (challenge) => {
    // A person may be signed in with several accounts: always say which one.
    const account = msal.getActiveAccount();
    if (challenge === undefined && account !== null) {
      try {
        return (await msal.acquireTokenSilent({ scopes, account })).accessToken;
      } catch (error) {
        if (!(error instanceof InteractionRequiredAuthError)) throw error;
      }
    }
    await askForClick();
    const answer = await msal.acquireTokenPopup({
      scopes,
      ...(account !== null && { account }),
      ...(challenge?.claims !== undefined && { claims: challenge.claims }),
    });
    msal.setActiveAccount(answer.account);
    return answer.accessToken;
  };
}
// #endregion
