import type { Config } from '../config.ts';
import { credentialSetting } from '../entra/exchange/aadsts.ts';
import type { EntraRefusal } from './entra-refusal.ts';

/** Where things are found in the Entra admin center. */
const APP = 'Entra admin center > App registrations > your app';

/**
 * What to mend when Entra refuses a sign-in, by its AADSTS number (entra-docs, reference-error-codes), in sentences for
 * whoever set the gateway up.
 */
export function signInRemedy(refusal: EntraRefusal, entra: Config['entra'], redirectUri: string): string {
  for (const number of refusal.numbers) {
    const remedy = remedyFor(number, entra, redirectUri);
    if (remedy !== undefined) return remedy;
  }
  if (refusal.error === 'access_denied')
    return 'Sign-in was cancelled or not allowed. Start again, perhaps as someone else.';
  return 'Look up the number at https://login.microsoftonline.com/error, then start again.';
}

function remedyFor(number: number, entra: Config['entra'], redirectUri: string): string | undefined {
  const scope = `${entra.clientId}/${entra.scope}`;
  switch (number) {
    case 50011:
    case 500113:
      return `Register the redirect URI: ${APP} > Authentication > Add a platform > Web, ${redirectUriToRegister(redirectUri)}`;
    case 700025:
    case 9002325:
    case 9002326:
    case 9002327:
      return `The redirect URI must be of the platform "Web", not of a single-page or mobile app: ${APP} > Authentication. ${redirectUriToRegister(redirectUri)}`;
    case 65001:
    case 90094:
    case 90095:
    case 90093:
    case 90008:
      return `Admin consent is missing. An administrator grants admin consent for the app's permissions: ${APP} > API permissions > Grant admin consent.`;
    case 65004:
      return 'Consent was declined. Start again and accept, or have an administrator grant admin consent.';
    case 7000215:
      return `The client secret is wrong. Put the secret's value, not its id, into ${settingOf(entra)}.`;
    case 7000222:
      return `The client secret has expired. Make a new one (${APP} > Certificates & secrets) and put its value into ${settingOf(entra)}.`;
    case 7000218:
    case 700027:
    case 700021:
    case 700023:
    case 700024:
    case 700211:
    case 700212:
    case 700213:
    case 700229:
    case 50012:
    case 50027:
      return `The gateway could not prove itself. Look at ${settingOf(entra)} and at ${APP} > Certificates & secrets.`;
    case 700016:
    case 7000112:
      return 'The app is not known in this tenant, or is disabled. Look at AZURE_CLIENT_ID and AZURE_TENANT_ID.';
    case 90002:
    case 900023:
    case 900382:
    case 9001023:
      return 'The tenant is not known here. Look at AZURE_TENANT_ID and AZURE_AUTHORITY_HOST.';
    case 50001:
    case 65005:
    case 70011:
    case 500011:
    case 650053:
    case 650057:
    case 90009:
      return `The scope ${scope} is not offered. Add it: ${APP} > Expose an API > Add a scope; its name is the setting API_SCOPE.`;
    case 50105:
      return 'This person is not assigned to the app: Entra admin center > Enterprise applications > your app > Users and groups.';
    case 50020:
    case 50034:
    case 500212:
    case 500213:
      return 'This person does not belong to the tenant. Start again as somebody who does.';
    case 50072:
    case 50074:
    case 50076:
    case 50079:
    case 50158:
      return 'More proof is wanted (multi-factor authentication). Start again and follow the steps.';
    case 53000:
    case 53001:
    case 53002:
    case 53003:
    case 530032:
      return 'A conditional access policy of the tenant does not allow this sign-in, from this device or place.';
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

/** Entra does not compare the port of localhost, and its portal wants none there. */
function redirectUriToRegister(redirectUri: string): string {
  const url = new URL(redirectUri);
  if (url.hostname !== 'localhost' || url.port === '') return `${redirectUri}`;
  return `http://localhost${url.pathname} (asked for was ${redirectUri}; Entra ignores the port of localhost).`;
}

const settingOf = ({ credential }: Config['entra']): string => credentialSetting[credential.kind];
