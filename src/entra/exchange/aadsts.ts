import type { ClientCredential, Config } from '../../config.ts';

/** Whose matter a failed token request is: the person's (the first four), the caller's token, an outage, the operator. */
export type AadstsMeaning =
  | 'consent'
  | 'mfa'
  | 'conditional-access'
  | 'sign-in'
  | 'assertion'
  | 'forbidden'
  | 'throttled'
  | 'unavailable'
  | 'operator';

/** What to look at, in words that do not depend on how the gateway proves itself. */
type Setting = 'credential' | 'certificate' | 'federation' | 'app' | 'tenant' | 'graph' | 'registration';

export interface AadstsEntry {
  readonly meaning: AadstsMeaning;
  /** What is the matter, without a full stop. */
  readonly says: string;
  readonly setting?: Setting | undefined;
  /** What the operator does about it. */
  readonly fix?: string | undefined;
}

const GRANT =
  'Entra admin center > App registrations > API permissions: grant admin consent for the Graph permissions.';
const ASSIGN = 'Entra admin center > Enterprise applications > Users and groups: assign the person.';
const POLICY = 'Entra admin center > Conditional Access: a policy asks for more than the token proves.';
const PERSON = 'The person signs in again and does what Entra asks for; take a token from that sign-in.';
const TOKEN = "Take a new access token for the gateway's own scope (npm run token).";
const SECRET =
  'Entra admin center > App registrations > Certificates & secrets: make a new secret, set its value, not its id.';
const CERTIFICATE =
  'Entra admin center > App registrations > Certificates & secrets: upload the certificate that is set.';
const FEDERATED =
  'Entra admin center > App registrations > Federated credentials: issuer, subject, audience must match.';

/**
 * The AADSTS numbers that a token endpoint answers with, and what each means here (entra-docs, reference-error-codes;
 * facts, section 3.4). The one table of them: exchange and doctor read it, and a sign-in for what is not its alone.
 */
export const AADSTS: ReadonlyMap<number, AadstsEntry> = new Map([
  row(65001, 'consent', 'nobody consented to the permissions', undefined, GRANT),
  row(65004, 'consent', 'the person declined consent'),
  row(90008, 'consent', 'nobody consented to the permissions', undefined, GRANT),
  row(90093, 'consent', "an administrator's consent is needed", undefined, GRANT),
  row(90094, 'consent', "an administrator's consent is needed", undefined, GRANT),
  row(90095, 'consent', "an administrator's consent is needed", undefined, GRANT),
  row(50072, 'mfa', 'the person must enrol for multi-factor authentication', undefined, PERSON),
  row(50074, 'mfa', 'multi-factor authentication is needed', undefined, PERSON),
  row(50076, 'mfa', 'multi-factor authentication is needed', undefined, PERSON),
  row(50078, 'mfa', 'multi-factor authentication has expired', undefined, PERSON),
  row(50079, 'mfa', 'the person must enrol for multi-factor authentication', undefined, PERSON),
  row(50158, 'mfa', 'an external challenge must be met', undefined, PERSON),
  row(53000, 'conditional-access', 'the device is not compliant', undefined, POLICY),
  row(53001, 'conditional-access', 'the device is not joined to the domain', undefined, POLICY),
  row(53002, 'conditional-access', 'the app is not approved', undefined, POLICY),
  row(53003, 'conditional-access', 'a policy blocks access', undefined, POLICY),
  row(53004, 'conditional-access', 'the person must register for multi-factor authentication', undefined, POLICY),
  row(530032, 'conditional-access', 'a security policy blocks access', undefined, POLICY),
  row(50055, 'sign-in', 'the password has expired', undefined, PERSON),
  row(50173, 'sign-in', 'the grant was revoked', undefined, PERSON),
  row(70008, 'sign-in', 'the grant has expired', undefined, PERSON),
  row(70043, 'sign-in', 'the sign-in frequency asks for a new sign-in', undefined, PERSON),
  row(700082, 'sign-in', 'the grant has expired for want of use', undefined, PERSON),
  row(700084, 'sign-in', 'the grant has expired', undefined, PERSON),
  row(
    50013,
    'assertion',
    "the caller's token is not valid for an exchange (issuer, version, signature)",
    undefined,
    TOKEN,
  ),
  row(50027, 'assertion', 'the token is not a valid JWT', undefined, TOKEN),
  row(240002, 'assertion', 'an id token was sent in the place of an access token', undefined, TOKEN),
  row(500131, 'assertion', "the caller's token is for another app than AZURE_CLIENT_ID", 'app'),
  row(500133, 'assertion', "the caller's token is outside of its time", undefined, TOKEN),
  row(16000, 'forbidden', 'the account does not exist in this tenant'),
  row(50020, 'forbidden', 'the account does not exist in this tenant'),
  row(50034, 'forbidden', 'the account does not exist in this tenant'),
  row(50053, 'forbidden', 'the account is locked'),
  row(50057, 'forbidden', 'the account is disabled'),
  row(50105, 'forbidden', 'the person is not assigned to the application', undefined, ASSIGN),
  row(51004, 'forbidden', 'the account does not exist in this tenant'),
  row(500212, 'forbidden', "the person's tenant does not allow access to this one"),
  row(500213, 'forbidden', 'this tenant does not allow access from outside'),
  row(7000114, 'forbidden', 'this application may not act on behalf of somebody'),
  row(90055, 'throttled', 'the tenant is throttled'),
  row(50196, 'throttled', 'too many identical requests'),
  row(50033, 'unavailable', 'a passing failure of Entra'),
  row(50087, 'unavailable', 'a passing failure of Entra'),
  row(90006, 'unavailable', 'a passing failure of Entra'),
  row(90012, 'unavailable', 'Entra timed out'),
  row(90024, 'unavailable', 'Entra timed out'),
  row(90033, 'unavailable', 'a passing failure of Entra'),
  row(90090, 'unavailable', 'a passing failure of Entra'),
  row(7000215, 'operator', 'the client secret is wrong', 'credential', SECRET),
  row(7000222, 'operator', 'the client secret has expired', 'credential', SECRET),
  row(7000218, 'operator', 'no client credential was sent', 'credential'),
  row(70002, 'operator', 'the credentials could not be validated', 'registration'),
  row(700027, 'operator', "the signature of the gateway's assertion is not valid", 'certificate', CERTIFICATE),
  row(50012, 'operator', "the gateway's certificate is not accepted", 'certificate', CERTIFICATE),
  row(700024, 'operator', "the gateway's assertion is outside of its time: a stale file, or a clock", 'federation'),
  row(700021, 'operator', "the issuer of the gateway's assertion is not the right one", 'federation', FEDERATED),
  row(700023, 'operator', "the audience of the gateway's assertion is not the right one", 'federation', FEDERATED),
  row(700211, 'operator', 'no federated credential has this issuer', 'federation', FEDERATED),
  row(700212, 'operator', 'no federated credential has this audience', 'federation', FEDERATED),
  row(700213, 'operator', 'no federated credential has this subject', 'federation', FEDERATED),
  row(700229, 'operator', 'the federated token is of the wrong kind', 'federation', FEDERATED),
  row(700016, 'operator', 'the tenant does not know the application', 'app'),
  row(700011, 'operator', 'the tenant does not know the application', 'app'),
  row(70001, 'operator', 'the tenant does not know the application, or it is disabled', 'app'),
  row(7000112, 'operator', 'the application is disabled in this tenant', 'app'),
  row(90002, 'operator', 'there is no such tenant', 'tenant'),
  row(900023, 'operator', 'the name of the tenant cannot be one', 'tenant'),
  row(90009, 'operator', 'an app that asks for a token for itself must name its client id', 'app'),
  row(90038, 'operator', 'the tenant belongs to another cloud', 'tenant'),
  row(900382, 'operator', 'the tenant belongs to another cloud', 'tenant'),
  row(900432, 'operator', 'the application and the tenant belong to different clouds', 'tenant'),
  row(9001023, 'operator', 'the grant needs one tenant', 'tenant'),
  row(500011, 'operator', 'the tenant does not know the resource that a token was asked for', 'graph'),
  row(50001, 'operator', 'the tenant does not know the resource, or it is disabled', 'graph'),
  row(70011, 'operator', 'the scope is not valid', 'graph'),
  row(28002, 'operator', 'the scope is not valid', 'registration'),
  row(700022, 'operator', 'the scope names two resources', 'registration'),
  row(650053, 'operator', 'the resource does not offer the scope', 'registration'),
  row(65005, 'operator', 'the application does not list the resource', 'registration', GRANT),
  row(650056, 'operator', 'the application lists no permissions, or they were not consented to', 'registration', GRANT),
  row(650057, 'operator', 'the application does not list the resource', 'registration', GRANT),
]);

/** The words for a setting, given how the gateway proves itself. */
export function settingOf(setting: Setting | undefined, { credential }: Config['entra']): string | undefined {
  switch (setting) {
    case undefined:
      return undefined;
    case 'credential':
      return credentialSetting[credential.kind];
    case 'certificate':
      return 'AZURE_CLIENT_CERTIFICATE_PATH';
    case 'federation':
      return 'AZURE_FEDERATED_TOKEN_FILE or the federated credential of the app registration';
    case 'app':
      return 'AZURE_CLIENT_ID and AZURE_TENANT_ID';
    case 'tenant':
      return 'AZURE_TENANT_ID and AZURE_AUTHORITY_HOST';
    case 'graph':
      return 'GRAPH_BASE_URL';
    case 'registration':
      return "the app registration's permissions and credentials";
    default:
      return setting satisfies never;
  }
}

/** Where an operator finds what proves the gateway. */
export const credentialSetting: Readonly<Record<ClientCredential['kind'], string>> = {
  secret: 'AZURE_CLIENT_SECRET',
  certificate: 'AZURE_CLIENT_CERTIFICATE_PATH',
  federated: 'AZURE_FEDERATED_TOKEN_FILE',
  'managed-identity': 'AZURE_USE_MANAGED_IDENTITY and AZURE_MANAGED_IDENTITY_CLIENT_ID',
};

function row(number: number, meaning: AadstsMeaning, says: string, setting?: Setting, fix?: string) {
  return [number, { meaning, says, setting, fix }] as const;
}
