import { refuse, type TokenRefusal } from './token-refusal.ts';

/** Permissions of Graph that a request asks for and gets. */
export interface GrantedScope {
  /** Short names, as the access token's `scp` holds them. */
  readonly permissions: readonly string[];
  /** The answer's `scope`: full names, and `.default` when it was asked for. */
  readonly text: string;
  readonly openid: boolean;
  readonly offlineAccess: boolean;
}

const OPENID_SCOPES = new Set(['openid', 'profile', 'email', 'offline_access']);

/** Reads the `scope` field against the one resource there is (Graph) and what the admin consented to. */
export function grantScope(
  scope: string,
  { resource, consented, tenantId }: { resource: string; consented: readonly string[]; tenantId: string },
): GrantedScope | TokenRefusal {
  const asked = scope.split(/\s+/).filter((one) => one !== '');
  const invalid = refuse(
    70011,
    'invalid_scope',
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  );
  const wanted = asked.filter((one) => !OPENID_SCOPES.has(one));
  if (wanted.length === 0) return invalid;
  const permissions: string[] = [];
  for (const one of wanted) {
    const slash = one.lastIndexOf('/');
    const permission = one.slice(slash + 1);
    if (slash === -1 ? !consented.includes(one) : permission === '') return invalid;
    if (slash !== -1 && one.slice(0, slash) !== resource) {
      return refuse(
        500011,
        'invalid_resource',
        `The resource principal named ${one.slice(0, slash)} was not found in the tenant named ${tenantId}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
      );
    }
    permissions.push(permission);
  }
  const isDefault = permissions.includes('.default');
  if (isDefault && permissions.length > 1) return invalid;
  if (!isDefault && permissions.some((one) => !consented.includes(one))) return noConsent();
  if (consented.length === 0) return noConsent();
  const granted = isDefault ? consented : permissions;
  return {
    permissions: granted,
    text: [...granted, ...(isDefault ? ['.default'] : [])].map((one) => `${resource}/${one}`).join(' '),
    openid: asked.includes('openid'),
    offlineAccess: asked.includes('offline_access'),
  };
}

const noConsent = (): TokenRefusal =>
  refuse(
    65001,
    'invalid_grant',
    'The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.',
    { suberror: 'consent_required' },
  );
