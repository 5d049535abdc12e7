import type { Config } from '../../config.ts';
import { AADSTS, settingOf } from '../../entra/exchange/aadsts.ts';
import type { EntraRefusal } from './entra-refusal.ts';

/** Where things are found in the Entra admin center. */
const APP = 'Entra admin center > App registrations > your app';

/**
 * What to mend when Entra refuses a sign-in, by its AADSTS number (entra-docs, reference-error-codes), in sentences for
 * whoever set the gateway up.
 */
export function signInRemedy(refusal: EntraRefusal, entra: Config['entra'], redirectUri: string): string {
  for (const number of refusal.numbers) {
    const remedy = remedyOfSignIn(number, entra, redirectUri) ?? remedyOfExchange(number, entra);
    if (remedy !== undefined) return remedy;
  }
  if (refusal.error === 'access_denied')
    return 'Sign-in was cancelled or not allowed. Start again, perhaps as someone else.';
  return 'Look up the number at https://login.microsoftonline.com/error, then start again.';
}

/** What only a sign-in meets: a redirect URI, a code, and a scope that is the gateway's own instead of Graph's. */
function remedyOfSignIn(number: number, entra: Config['entra'], redirectUri: string): string | undefined {
  switch (number) {
    case 50011:
    case 500113:
      return `Register the redirect URI: ${APP} > Authentication > Add a platform > Web, ${redirectUriToRegister(redirectUri)}`;
    case 700025:
    case 9002325:
    case 9002326:
    case 9002327:
      return `The redirect URI must be of the platform "Web", not of a single-page or mobile app: ${APP} > Authentication. ${redirectUriToRegister(redirectUri)}`;
    case 50001:
    case 65005:
    case 70011:
    case 500011:
    case 650053:
    case 650057:
      return `The scope ${entra.clientId}/${entra.scope} is not offered. Add it: ${APP} > Expose an API > Add a scope; its name is the setting API_SCOPE.`;
    case 54005:
    case 70008:
    case 70000:
    case 9002313:
      return 'The code from Entra was used before, or is too old. Start again.';
    case 50148:
    case 501481:
      return 'The code does not belong to this sign-in. Start again.';
    default:
      return undefined;
  }
}

/** What an exchange meets too, in its words. */
function remedyOfExchange(number: number, entra: Config['entra']): string | undefined {
  const entry = AADSTS.get(number);
  if (entry === undefined) return undefined;
  const setting = settingOf(entry.setting, entra);
  const what = `${entry.says.charAt(0).toUpperCase()}${entry.says.slice(1)}.`;
  const look = setting === undefined ? '' : ` Look at ${setting}.`;
  return `${what}${look}${entry.fix === undefined ? '' : ` ${entry.fix}`} Then start again.`;
}

/** Entra does not compare the port of localhost, and its portal wants none there. */
function redirectUriToRegister(redirectUri: string): string {
  const url = new URL(redirectUri);
  if (url.hostname !== 'localhost' || url.port === '') return `${redirectUri}`;
  return `http://localhost${url.pathname} (asked for was ${redirectUri}; Entra ignores the port of localhost).`;
}
